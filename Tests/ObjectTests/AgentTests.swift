import Foundation
import Testing

/// The agents as files: static, stripped, small, for the right machine.
struct AgentTests {
    private static let sizeLimit = 2 << 20

    @Test(arguments: [("x86_64", UInt16(62)), ("aarch64", UInt16(183))])
    func `the agent is one small static file`(architecture: String, machine: UInt16) throws {
        let file = try Data(contentsOf: URL(filePath: "build/agents/\(architecture)/faultline-agent"))
        #expect(file.count < Self.sizeLimit)
        let header = ELFHeader(file)
        #expect(header.machine == machine)
        #expect(!header.segmentTypes.contains(ELFHeader.interpreter), "it wants a dynamic linker")
        #expect(!header.segmentTypes.contains(ELFHeader.dynamic), "it wants shared libraries")
        #expect(header.sectionCount == 0 || !file.contains(Data(".symtab".utf8)), "it is not stripped")
    }
}

/// The few fields of an ELF file's header that say how it is linked (elf(5)).
private struct ELFHeader {
    static let dynamic: UInt32 = 2
    static let interpreter: UInt32 = 3

    let machine: UInt16
    let sectionCount: UInt16
    let segmentTypes: [UInt32]

    init(_ file: Data) {
        func field<Value: BitwiseCopyable>(_ offset: Int, _: Value.Type) -> Value {
            file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
        }
        machine = field(18, UInt16.self)
        sectionCount = field(60, UInt16.self)
        let (start, size, count) = (Int(field(32, UInt64.self)), Int(field(54, UInt16.self)), Int(field(56, UInt16.self)))
        segmentTypes = (0..<count).map { field(start + $0 * size, UInt32.self) }
    }
}

extension Data {
    fileprivate func contains(_ part: Data) -> Bool { range(of: part) != nil }
}
