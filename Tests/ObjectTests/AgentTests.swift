import Foundation
import Testing

/// The agents as files: static, stripped, small, for the right machine.
struct AgentTests {
    private static let sizeLimit = 5 << 19

    @Test(arguments: [("x86_64", UInt16(62)), ("aarch64", UInt16(183))])
    func `the agent is one small static file`(architecture: String, machine: UInt16) throws {
        let file = try Data(contentsOf: URL(filePath: "build/agents/\(architecture)/faultline-agent"))
        #expect(file.count < Self.sizeLimit)
        let header = ELFHeader(file)
        #expect(header.machine == machine)
        #expect(!header.segmentTypes.contains(ELFHeader.interpreter), "it wants a dynamic linker")
        #expect(!header.segmentTypes.contains(ELFHeader.dynamic), "it wants shared libraries")
        #expect(!header.sectionTypes.contains(ELFHeader.symbolTable), "it is not stripped")
    }
}

/// The few fields of an ELF file's header that say how it is linked (elf(5)).
private struct ELFHeader {
    static let dynamic: UInt32 = 2
    static let interpreter: UInt32 = 3
    static let symbolTable: UInt32 = 2

    let machine: UInt16
    let sectionTypes: [UInt32]
    let segmentTypes: [UInt32]

    init(_ file: Data) {
        func field<Value: BitwiseCopyable>(_ offset: Int, _: Value.Type) -> Value {
            file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
        }
        machine = field(18, UInt16.self)
        let segments = (Int(field(32, UInt64.self)), Int(field(54, UInt16.self)), Int(field(56, UInt16.self)))
        let sections = (Int(field(40, UInt64.self)), Int(field(58, UInt16.self)), Int(field(60, UInt16.self)))
        segmentTypes = (0..<segments.2).map { field(segments.0 + $0 * segments.1, UInt32.self) }
        sectionTypes = (0..<sections.2).map { field(sections.0 + $0 * sections.1 + 4, UInt32.self) }
    }
}
