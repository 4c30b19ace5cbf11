/// What is known of an app's start from outside.
public struct Launch: Equatable, Sendable {
    public var package: String
    public var activity: String
    /// Whether the page cache was dropped before.
    public var isCold: Bool
    /// What Android calls the start; nil: it does not tell.
    public var state: String?
    /// CLOCK_BOOTTIME of when Android was asked for the activity.
    public var startNs: UInt64
    /// From then until it was drawn, as Android tells.
    public var displayedAfterNs: UInt64?
    /// How long `am` waited.
    public var waitedNs: UInt64?

    public init(
        package: String, activity: String, isCold: Bool = false, state: String? = nil, startNs: UInt64,
        displayedAfterNs: UInt64? = nil, waitedNs: UInt64? = nil
    ) {
        self.package = package
        self.activity = activity
        self.isCold = isCold
        self.state = state
        self.startNs = startNs
        self.displayedAfterNs = displayedAfterNs
        self.waitedNs = waitedNs
    }

    /// A moment of the trace, from the start on; negative: it was before.
    public func sinceStart(_ timeNs: UInt64) -> Int64 {
        timeNs < startNs ? -Int64(clamping: startNs - timeNs) : Int64(clamping: timeNs - startNs)
    }
}
