import Testing

@testable import FaultProbe

struct PackageListTests {
    private let list = PackageList(
        Array(
            """
            com.android.settings 1000 0 /data/user_de/0/com.android.settings platform:privapp none
            android 1000 0 /data/system platform none
            com.example.app 10123 1 /data/user/0/com.example.app default none 0 0 1 @null
            com.example.shared.one 10200 0 /data/user/0/one default 3003
            com.example.shared 10200 0 /data/user/0/two default 3003
            com.android.chrome 10100 0 /data/user/0/com.android.chrome default none
            broken
            worse x
            worst 99999999999 0

            """.utf8))

    @Test func `a package has its user and a user its package`() {
        #expect(list.user(of: "com.example.app") == 10123)
        #expect(list.user(of: "com.example") == nil)
        #expect(list.user(of: "broken") == nil)
        #expect(list.package(ofUser: 10123) == "com.example.app")
        #expect(list.package(ofUser: 10124) == nil)
    }

    @Test(arguments: [
        (10123, "com.example.app", "com.example.app"), (10123, "com.example.app:remote", "com.example.app"),
        (10123, "app_process64", "com.example.app"), (1_010_123, "com.example.app", "com.example.app"),
        (10200, "com.example.shared", "com.example.shared"), (10200, "com.example.shared.one:x", "com.example.shared.one"),
        (10200, "com.example.shared.service", "com.example.shared"), (10200, "other", "com.example.shared.one"),
        (20123, "com.example.app_sdk_sandbox", "com.example.app"),
        (99001, "com.android.chrome:sandboxed_process0:org.chromium.content.app.SandboxedProcessService0:0", "com.android.chrome"),
        (90_000, "com.unknown:x", nil), (1000, "system_server", nil), (1000, "com.android.settings", "com.android.settings"),
        (0, "com.example.app", nil), (10124, "com.example.app", nil), (10123, "com.example.apple", "com.example.app"),
    ] as [(UInt32, String, String?)])
    func `a process belongs to a package by its user and its name`(user: UInt32, process: String, package: String?) {
        #expect(list.package(ofUser: user, process: process) == package)
    }

    @Test func `a device without the list has no packages`() {
        #expect(PackageList([]).isEmpty)
        #expect(PackageList([]).package(ofUser: 10123, process: "com.example.app") == nil)
    }
}
