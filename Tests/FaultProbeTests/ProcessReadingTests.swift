import CLinux
import Glibc
import Testing

@testable import FaultProbe

struct ProcessReadingTests {
    @Test func `our own process is read`() throws {
        let reading = try #require(ProcessReading(of: UInt32(getpid())))
        #expect(reading.parent == UInt32(getppid()))
        #expect(reading.user == getuid())
        #expect(reading.commandLine.split(separator: " ").first == CommandLine.arguments[0].split(separator: " ").first)
        #expect(reading.executable.hasPrefix("/"))
        #expect(!reading.name.isEmpty)
        #expect(reading.bornNs > 0 && reading.bornNs < linux_boottime_ns())
    }

    @Test func `a process of the kernel's has neither program nor arguments`() throws {
        let reading = try #require(ProcessReading(of: 2))
        #expect(reading.commandLine.isEmpty && reading.executable.isEmpty && !reading.name.isEmpty)
    }

    @Test func `a process that is not there cannot be read`() { #expect(ProcessReading(of: .max) == nil) }
}
