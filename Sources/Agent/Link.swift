import AgentCore
import CLinux

/// A controller's connection with what belongs to it.
final class Link {
    let connection: Connection
    var session: Session
    var trace: Trace?
    /// Outlives the trace; nil until there was one.
    var symboliser: Symboliser?
    /// Everything has been said, but for answers to what is still asked.
    var isClosing = false
    /// Nothing more is asked.
    var isLastWordSaid = false
    /// There is nothing more to wait for, not even for what is still queued.
    var isAbandoned = false
    var isWatchedForWriting = false

    init(_ connection: Connection, token: String) {
        self.connection = connection
        session = Session(token: token, nowNs: linux_monotonic_ns())
    }
}
