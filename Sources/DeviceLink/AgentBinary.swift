#if canImport(System)
import System
#else
import SystemPackage
#endif
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Finds the agent for an architecture.
public enum AgentBinary {
    /// The architecture of this machine, as `uname -m` names it on Linux.
    public static var ownArchitecture: String {
        #if arch(arm64)
        "aarch64"
        #else
        "x86_64"
        #endif
    }

    /// FAULTLINE_AGENT if it is set; otherwise beside this program, as a build or an installation lays it down.
    ///
    /// - Throws: `LinkError.noAgentBinary`.
    public static func find(arch: String) throws(LinkError) -> String {
        if let named = getenv("FAULTLINE_AGENT") { return String(cString: named) }
        for place in places(arch: arch) where access(place, X_OK) == 0 { return place }
        throw .noAgentBinary(arch: arch)
    }

    private static func places(arch: String) -> [String] {
        let folder = ownPath().removingLastComponent()
        let elsewhere = [
            folder.appending("../agents/\(arch)/faultline-agent"),
            folder.appending("../lib/faultline/agents/\(arch)/faultline-agent"),
        ]
        let beside = arch == ownArchitecture ? [folder.appending("faultline-agent")] : []
        return (elsewhere + beside).map(\.string)
    }

    /// Where this program lies, links resolved.
    private static func ownPath() -> FilePath {
        #if os(Linux)
        let invoked = "/proc/self/exe"
        #else
        let invoked = CommandLine.arguments.first ?? ""
        #endif
        guard let resolved = realpath(invoked, nil) else { return FilePath(invoked) }
        defer { free(resolved) }
        return FilePath(String(cString: resolved))
    }
}
