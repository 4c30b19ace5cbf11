/// The controller's first frame: who it is and that it may.
public struct Open: Equatable, Sendable {
    public static let tokenCap = 256

    public var version: UInt32
    public var token: String
    /// Whether `hello` shall bear the preflight's checks; they take a tenth of a second, for which a trace need not wait.
    public var wantsChecks: Bool

    public init(version: UInt32 = Frame.version, token: String, wantsChecks: Bool = false) {
        self.version = version
        self.token = token
        self.wantsChecks = wantsChecks
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        guard try reader.u32() == Frame.magic else { throw .badMagic }
        version = try reader.version()
        token = try reader.string()
        guard token.utf8.count <= Self.tokenCap else { throw .badValue("token") }
        wantsChecks = try reader.bool()
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(Frame.magic)
        writer.u32(version)
        writer.string(token)
        writer.bool(wantsChecks)
    }
}
