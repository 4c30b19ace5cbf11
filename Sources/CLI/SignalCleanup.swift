import Dispatch

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// Lets a signal that ends the program do some work first. On a queue of its own, because what it interrupts keeps a thread of
/// Swift's pool busy, which may have no other.
final class SignalCleanup {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter work: done once; the signal then ends the program as it would have.
    init(_ work: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: DispatchQueue(label: "signals"))
            source.setEventHandler {
                work()
                Self.die(of: number)
            }
            source.resume()
            return source
        }
    }

    /// libdispatch keeps signals from its threads, and this one is its.
    private static func die(of number: Int32) {
        var these = sigset_t()
        sigemptyset(&these)
        sigaddset(&these, number)
        pthread_sigmask(SIG_UNBLOCK, &these, nil)
        signal(number, SIG_DFL)
        raise(number)
    }

    deinit { for source in sources { source.cancel() } }
}
