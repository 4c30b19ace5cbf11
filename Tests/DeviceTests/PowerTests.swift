import Foundation
import Testing

/// The last test of a guest: its power goes.
@Suite(.serialized) struct PowerTests {
    @Test func `a device that is gone is told`() async throws {
        let output = try await Lab.faultline(Lab.longTrace(on: "plain")) { _ in
            kill(Lab.qemu, SIGKILL)
        }
        let trace = try Trace(output)
        #expect(trace.status == 1)
        #expect(trace.errors.contains("was cut before the trace ended"), "\(trace.errors)")
        #expect(trace.summary?.complete == false)
        #expect(try await Lab.run("adb", ["forward", "--list"]).text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty)
    }
}
