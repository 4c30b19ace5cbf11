import Testing

@testable import DeviceLink

struct ActivityStartTests {
    private static let cold = """
        Starting: Intent { cmp=com.example.app/.Main }
        Status: ok
        LaunchState: COLD
        Activity: com.example.app/.Main
        TotalTime: 586
        WaitTime: 589
        Complete

        """

    @Test(arguments: [cold, cold.split(separator: "\n").joined(separator: "\r\n")])
    func `a start tells its state and its times, however lines end`(answer: String) throws {
        let expected = ActivityStart(
            state: "COLD", activity: Component(package: "com.example.app", activity: ".Main"), totalMs: 586, waitMs: 589)
        #expect(try ActivityStart(answer) == expected)
    }

    @Test func `Android before 10 tells no state, and one time more`() throws {
        let answer = "Starting: Intent { cmp=a.b/.C }\nStatus: ok\nActivity: a.b/.C\nThisTime: 210\nTotalTime: 320\nWaitTime: 333\nComplete\n"
        #expect(try ActivityStart(answer) == ActivityStart(activity: Component("a.b/.C"), totalMs: 320, waitMs: 333))
    }

    @Test(arguments: [
        ("Starting: Intent { cmp=a/.B }\nError type 3\nError: Activity class {a/a.B} does not exist.\n", "Activity class {a/a.B} does not exist"),
        (
            "\nException occurred while executing 'start':\njava.lang.SecurityException: Permission Denial: starting Intent\n\tat x\n",
            "Permission Denial: starting Intent"
        ),
        (
            "Starting: Intent { }\nWarning: Activity not started, its current task has been brought to the front\nStatus: ok\n",
            "Activity not started, its current task has been brought to the front"
        ),
        ("Starting: Intent { cmp=a/.B }\nStatus: timeout\nActivity: a/.B\nWaitTime: 10001\nComplete\n", "its status is 'timeout'"),
        ("cmd: Can't find service: activity\r\n", "cmd: Can't find service: activity"), ("", "am says nothing"), ("\n \n", "am says nothing"),
    ])
    func `a start that failed is told in the words of am`(answer: String, reason: String) {
        #expect(throws: ActivityStart.Failure(reason: reason)) { try ActivityStart(answer) }
    }

    @Test func `times that are no numbers are not told`() throws {
        #expect(try ActivityStart("Status: ok\nTotalTime: -1\nWaitTime: x\n") == ActivityStart())
    }
}

struct LauncherActivityTests {
    private static let priority = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true"

    @Test(arguments: ["\n", "\r\n"])
    func `the component stands below its priorities`(end: String) {
        let answer = Self.priority + end + "com.example.app/.ui.Main$1" + end
        #expect(LauncherActivity(answer, of: "com.example.app") == .found(Component(package: "com.example.app", activity: ".ui.Main$1")))
    }

    @Test func `a package without one, and one with several, are told apart`() {
        #expect(LauncherActivity("No activity found\n", of: "a.b") == .none)
        #expect(LauncherActivity("", of: "a.b") == .none)
        let chooser = Self.priority + "\nandroid/com.android.internal.app.ResolverActivity\n"
        #expect(LauncherActivity(chooser, of: "a.b") == .several)
    }

    @Test(arguments: ["", "/", "a/", "/b", "a/b/c", "a b/c", "a/b;reboot", "a", "a/é"])
    func `what cannot be a component is none`(text: String) { #expect(Component(text) == nil) }
}
