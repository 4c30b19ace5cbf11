/// By what faults are counted where they are not told one by one.
public enum TallyKey: UInt8, CaseIterable, Sendable {
    case process = 1
    case thread = 2
    /// The process and where in its memory.
    case place = 3
}
