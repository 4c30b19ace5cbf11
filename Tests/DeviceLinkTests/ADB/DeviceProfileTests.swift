import Testing

@testable import DeviceLink

struct DeviceProfileTests {
    @Test func `a phone tells everything`() throws {
        let answer = """
            kernel=5.10.149-android13-4-00003-g05231a35ff43\r
            machine=aarch64\r
            model=Pixel 7\r
            android=14\r
            abi=arm64-v8a\r
            debuggable=1\r
            folder=1\r
            agent=9f86d081884c7d65  /data/local/tmp/faultline-agent\r

            """
        let profile = try #require(DeviceProfile(answer: answer))
        #expect(
            profile
                == DeviceProfile(
                    model: "Pixel 7", androidVersion: "14", kernelRelease: "5.10.149-android13-4-00003-g05231a35ff43",
                    machine: "aarch64", abi: "arm64-v8a", isDebuggable: true, hasUsualFolder: true,
                    agentDigest: "9f86d081884c7d65"))
        #expect(profile.agentArchitecture == "aarch64")
    }

    @Test func `without getprop there is uname`() throws {
        let profile = try #require(DeviceProfile(answer: "kernel=6.1.0\nmachine=x86_64\nagent=\n"))
        #expect(profile.model == nil && profile.androidVersion == nil && !profile.isDebuggable && !profile.hasUsualFolder && profile.agentDigest == nil)
        #expect(profile.abi == "x86_64" && profile.agentArchitecture == "x86_64")
    }

    @Test(arguments: [("armv8l", "aarch64"), ("armv7l", nil), ("riscv64", nil), ("i686", nil)] as [(String, String?)])
    func `the kernel's machine decides which agent runs there`(machine: String, architecture: String?) throws {
        #expect(try #require(DeviceProfile(answer: "kernel=1\nmachine=\(machine)\n")).agentArchitecture == architecture)
    }

    @Test(arguments: ["", "error: closed\n", "kernel=\nmachine=\n"])
    func `no answer is no profile`(answer: String) { #expect(DeviceProfile(answer: answer) == nil) }
}

struct RootSearchTests {
    @Test(arguments: [
        ("root=shell\n", .way(.shell)), ("root=su -c\r\n", .way(.suC)), ("root=su 0\n", .way(.su0)), ("root=su root\n", .way(.suRoot)),
        ("refused=Permission denied\n", .refused("Permission denied")), ("refused=\n", .refused("su fails")), ("", .none),
        ("WARNING: linker: odd\nroot=su -c\n", .way(.suC)), ("root=odd\n", .none),
    ] as [(String, RootSearch.Finding)])
    func `the way that worked is taken`(answer: String, finding: RootSearch.Finding) {
        #expect(RootSearch.finding(answer) == finding)
    }

    @Test(arguments: [
        ("restarting adbd as root\n", 0, nil), ("adbd is already running as root\n", 0, nil), ("", 0, nil),
        ("adbd cannot run as root in production builds\n", 0, "adbd cannot run as root in production builds"),
        ("ADB Root access is disabled by system setting - enable in Settings\n", 0, "ADB Root access is disabled by system setting - enable in Settings"),
        ("adb: unable to connect for root: closed\n", 1, "unable to connect for root: closed"),
    ] as [(String, Int32, String?)])
    func `adb root says whether it did`(text: String, status: Int32, refusal: String?) {
        #expect(RootSearch.refusal(ShellResult(status: status, output: text)) == refusal)
    }

    @Test(arguments: RootWay.allCases)
    func `a line reaches the shell as it is, whichever way`(way: RootWay) async throws {
        let line = #"echo "it's" '$HOME' \n"#
        // A su that stands in: it runs what it is given.
        let su = "su() { [ $1 = -c ] || shift; [ $1 = sh ] && shift; sh \"$@\"; }\n"
        let result = try await ADB(path: "/bin/sh").run(["-c", su + way.wrap(line)], to: "run a shell")
        #expect(result.output == "it's $HOME n\n")
    }
}

struct ForwardListTests {
    @Test func `the forwards of one device to one port are known again`() {
        let list = """
            emulator-5554 tcp:41000 tcp:47474\r
            emulator-5554 tcp:41001 tcp:8080
            A tcp:41002 tcp:47474
            emulator-5554 localabstract:x tcp:47474
            adb-1 (2)._tcp tcp:41003 tcp:47474

            """
        #expect(DetachedAgent.localPorts(list, serial: "emulator-5554", port: 47474) == [41000])
        #expect(DetachedAgent.localPorts(list, serial: "adb-1 (2)._tcp", port: 47474) == [41003])
        #expect(DetachedAgent.localPorts("", serial: "A", port: 47474).isEmpty)
    }
}
