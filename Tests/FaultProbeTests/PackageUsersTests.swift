import Testing

@testable import FaultProbe

struct PackageUsersTests {
    private let list = PackageList(Array("com.example.app 10123 0 /data/user/0/com.example.app default 3003\n".utf8))

    @Test func `a package has a user in each of Android's users`() throws {
        let users = try #require(list.users(of: "com.example.app"))
        #expect(users.count == 100)
        #expect(users.starts(with: [10_123, 110_123]))
        #expect(users.contains(1_010_123), "the work profile is user 10")
        #expect(users.allSatisfy { $0 % 100_000 == 10_123 })
    }

    @Test func `a package that is not there has none`() {
        #expect(list.users(of: "com.example") == nil)
        #expect(PackageList([]).users(of: "com.example.app") == nil)
    }
}
