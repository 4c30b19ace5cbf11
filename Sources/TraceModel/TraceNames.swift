public import FaultModel

/// What the numbers in a trace's faults stand for.
public struct TraceNames: Sendable {
    public init() {}
}
