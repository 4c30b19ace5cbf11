public import FaultModel

/// What stands in a mapping: its name, and which file of that name.
public struct MappedFile: Hashable, Sendable {
    /// As /proc/PID/maps has it.
    public var name: String
    /// Unknown where there is no file, or where any file of the name is meant.
    public var identity: FileIdentity

    public init(name: String, identity: FileIdentity = .unknown) {
        self.name = name
        self.identity = identity
    }
}
