import ArgumentParser
import Testing

@testable import CLI

struct LaunchedAppTests {
    @Test func `an app is a package, or a package and an activity`() throws {
        #expect(LaunchedApp(argument: "com.example.app") == LaunchedApp(package: "com.example.app"))
        #expect(LaunchedApp(argument: "com.example.app/.Main") == LaunchedApp(package: "com.example.app", activity: ".Main"))
        for wrong in ["", "a/", "/b", "a b", "a/b/c", "$(reboot)", "a;b"] { #expect(LaunchedApp(argument: wrong) == nil, "\(wrong)") }
    }

    @Test func `a launch goes on for half a second unless told otherwise`() throws {
        let usual = try LaunchCommand.parse(["com.example.app", "--device", "S"])
        #expect(usual.after == .milliseconds(500) && usual.device.serial == "S" && !usual.cold && !usual.json)
        let other = try LaunchCommand.parse(["a/.B", "--after", "1s", "--cold", "--json", "--output", "x.flt"])
        #expect(other.after == .seconds(1) && other.cold && other.json && other.recording.output == "x.flt")
    }

    @Test(arguments: [["a", "--source", "perf_ring"], ["a", "--force"], ["a b"], []])
    func `what cannot be launched is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try LaunchCommand.parse(arguments) }
    }
}
