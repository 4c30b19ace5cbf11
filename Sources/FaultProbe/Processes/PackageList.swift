import CLinux

/// Android's list of installed packages, each with the user that its processes run as.
public struct PackageList {
    static let path = "/data/system/packages.list"

    private var users: [(package: [UInt8], user: UInt32)] = []

    /// The running device's; empty where it is not Android.
    public static func live() -> PackageList { PackageList(ProcessFile.bytes(path) ?? []) }

    /// - Parameter text: lines `com.example.app 10123 0 /data/user/0/com.example.app …`.
    init(_ text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard fields.count > 1, let user = UInt32(String(decoding: fields[1], as: UTF8.self)) else { continue }
            users.append((Array(fields[0]), user))
        }
    }

    /// The package's user, as Android's first user has it; nil: there is no such package.
    public func user(of package: String) -> UInt32? {
        let name = Array(package.utf8)
        for entry in users where entry.package == name { return entry.user }
        return nil
    }

    /// A package whose processes run as this user.
    public func package(ofUser user: UInt32) -> String? {
        for entry in users where entry.user % 100_000 == user % 100_000 { return String(decoding: entry.package, as: UTF8.self) }
        return nil
    }
}
