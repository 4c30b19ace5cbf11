import FaultModel
import FaultProbe
import WireProtocol

extension FaultFilter {
    /// The same with the packages' users in the place of the packages.
    ///
    /// - Throws: where a package is not to be found, or where none of its users is wanted.
    func withPackageUsers(_ list: @autoclosure () -> PackageList) throws(AgentError) -> FaultFilter {
        guard !packages.isEmpty else { return self }
        var (filter, users, list) = (self, [UInt32](), list())
        for package in packages {
            guard let more = list.users(of: package) else { throw Self.unknown(package) }
            users += more
        }
        filter.packages = []
        filter.uids = uids.isEmpty ? users : users.filter { uids.contains($0) }
        guard !filter.uids.isEmpty else {
            throw AgentError(.badFilter, "no wanted user runs these packages: filter by packages or by users, not by both")
        }
        return filter
    }

    private static func unknown(_ package: String) -> AgentError {
        AgentError(
            .badFilter,
            "/data/system/packages.list has no package \(package): see 'pm list packages' for its name, or filter by user or thread name")
    }
}
