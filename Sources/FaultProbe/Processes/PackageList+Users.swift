extension PackageList {
    /// Android gives each of its users a hundred thousand Linux users, and each package the same place among them
    /// (android.os.UserHandle.PER_USER_RANGE).
    private static let perUser: UInt32 = 100_000
    /// Android numbers its users from 0 and then from 10 on. One that does not exist costs a place in a map, and one that is
    /// made during the trace is there already.
    private static let androidUsers: UInt32 = 100

    /// The Linux users that a package's processes run as, one for each of Android's users; nil: there is no such package.
    ///
    /// Processes that an app isolates (99000 and up, 90000 and up for those of its own zygote) run as none of them.
    public func users(of package: String) -> [UInt32]? {
        guard let user = user(of: package) else { return nil }
        return (0..<Self.androidUsers).map { $0 * Self.perUser + user % Self.perUser }
    }
}
