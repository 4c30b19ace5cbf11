/// Android's packages and the users that they run as, from /data/system/packages.list.
///
/// A user is the Android user (of people) times 100000 and the app's own number. Apps of one developer may share a number. Processes
/// without rights of their own (isolated: 90000 to 99999) have numbers that no list tells; they go by their process's name.
public struct PackageList {
    private static let path = "/data/system/packages.list"
    /// What one Android user's apps are numbered below.
    private static let usersApart: UInt32 = 100_000
    private static let firstApp: UInt32 = 10_000
    /// An app's sandbox for advertising code has the app's number and this.
    private static let sandboxes: Range<UInt32> = 20_000..<30_000
    private static let isolated: Range<UInt32> = 90_000..<100_000

    private struct Package {
        let name: String
        let app: UInt32
    }

    private var packages: [Package] = []

    /// The device's; empty where there is none.
    public static func live() -> PackageList { PackageList(ProcessFile.bytes(path) ?? []) }

    /// - Parameter text: `com.example 10123 0 /data/user/0/com.example …`, a line for each package.
    init(_ text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard fields.count >= 2, let user = number(fields[1], 10), user < UInt64(UInt32.max) else { continue }
            packages.append(Package(name: String(decoding: fields[0], as: UTF8.self), app: UInt32(user) % Self.usersApart))
        }
    }

    public var isEmpty: Bool { packages.isEmpty }

    /// The number of a package's app, which is its user id for the first Android user.
    public func user(of package: String) -> UInt32? {
        for known in packages where known.name.utf8.elementsEqual(package.utf8) { return known.app }
        return nil
    }

    /// The package that runs as a user, the first in the list of several; nil: none does.
    public func package(ofUser uid: UInt32) -> String? {
        let app = Self.app(uid)
        for known in packages where known.app == app { return known.name }
        return nil
    }

    /// The package to which a process belongs.
    ///
    /// - Parameter process: its name, as Android gives it: the package's, with `:` and more behind it in further processes.
    public func package(ofUser uid: UInt32, process: String) -> String? {
        let app = Self.app(uid)
        var longest: String?
        for known in packages where known.app == app || Self.isolated.contains(app) {
            guard Self.names(process.utf8, known.name.utf8), known.name.utf8.count > longest?.utf8.count ?? 0 else { continue }
            longest = known.name
        }
        return longest ?? (app >= Self.firstApp ? package(ofUser: uid) : nil)
    }

    /// Whether a user can be an app's.
    public static func isApp(_ uid: UInt32) -> Bool { uid % usersApart >= firstApp }

    private static func app(_ uid: UInt32) -> UInt32 {
        let app = uid % usersApart
        return sandboxes.contains(app) ? app - firstApp : app
    }

    /// Whether a process's name is the package's, or begins with it.
    private static func names(_ process: String.UTF8View, _ package: String.UTF8View) -> Bool {
        guard process.starts(with: package) else { return false }
        let next = process.dropFirst(package.count).first
        return next == nil || next == UInt8(ascii: ":") || next == UInt8(ascii: ".")
    }
}
