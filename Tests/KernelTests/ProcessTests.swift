import Foundation
import Testing

/// Whose each fault is: names that follow exec and rename, parents, lifetimes, packages.
@Suite(.serialized) struct ProcessTests {
    private let program = "a-rather-long-program-name"

    @Test(arguments: Device.ways)
    func `another program has another name, which nobody cuts`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["in", Device.folder, "write", "50", "program", program, "read", "50"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.events(at: Base.write).allSatisfy { $0.process == "faults" && $0.comm == "faults" })
        #expect(run.events(at: Base.read).count == 50)
        #expect(run.events(at: Base.read).allSatisfy { $0.process == program && $0.comm == "a-rather-long-p" })
        let code = Set(run.events(at: Base.read).map(\.ip_mapping?.name))
        #expect(code == [Device.folder + "/" + program])
    }

    @Test(arguments: Device.ways)
    func `a new name counts from its moment on`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["write", "50", "name", "7", "read", "50"])
        #expect(run.events(at: Base.write).allSatisfy { $0.process == "faults" })
        #expect(run.events(at: Base.read).allSatisfy { $0.process == "faults-7" })
    }

    @Test(arguments: Device.ways)
    func `a child has its parent, its birth and its end`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["fork", "3", "write", "20"])
        let summary = try #require(run.summary)
        let children = summary.by_process.filter { process in run.events(at: Base.write).contains { $0.pid == process.pid } }
        let parents = Set(children.map(\.parent))
        #expect(children.count == 3 && parents.count == 1)
        #expect(summary.by_process.contains { $0.pid == parents.first! })
        for child in children {
            let (born, ended) = (try #require(child.born_ns), try #require(child.ended_ns))
            #expect(run.events.filter { $0.pid == child.pid }.allSatisfy { born...ended ~= $0.time_ns })
            #expect(child.process == "faults")
        }
    }

    @Test func `a program is told with its arguments`() async throws {
        let run = try await Tool.trace(Device.best.options, ["write", "20", "sleep", "300"])
        let process = try #require(run.summary?.by_process.first)
        #expect(process.command_line == Device.workload + " write 20 sleep 300")
        #expect(process.executable?.hasSuffix("/faults") == true)
        #expect(process.parent != nil && process.package == nil)
    }

    /// Each lives for about a millisecond, on an emulator for thirty.
    @Test(arguments: Device.ways.prefix(1))
    func `thousands of processes come and go, and each fault is its own's`(way: Way) async throws {
        let count = Device.isThisMachine ? 10_000 : 500
        let run = try await Tool.trace(way.options + ["--mode", "user"] + Base.range(Base.write), ["fork", "2", "spawn", "\(count / 2)"])
        #expect(run.status == 0, "\(run.errors)")
        let summary = try #require(run.summary)
        let seen = run.events(at: Base.write)
        #expect(UInt64(seen.count) + summary.lost == UInt64(count))
        #expect(summary.lost == 0 && Set(seen.map(\.pid)).count == count)
        #expect(summary.process_count == count)
        let strangers = seen.filter { !$0.isAttributed }
        #expect(strangers.isEmpty, "\(strangers.count), such as \(String(describing: strangers.first))")
        #expect(try #require(summary.agent).resident_bytes < 64 << 20)
    }

    /// In a mount namespace of its own, so that the machine stays as it is.
    @Test(.enabled(if: Device.isThisMachine))
    func `a process has the package of its user`() async throws {
        let list = "com.example.app 10123 0 /data/user/0/com.example.app default none\\ncom.example.other 10124 0 /x default none\\n"
        let script = """
            mount -t tmpfs tmpfs /mnt && mkdir -p /mnt/data/system && printf '\(list)' > /mnt/data/system/packages.list \
            && mkdir -p /data && mount --bind /mnt/data /data \
            && exec \(Device.faultline) trace --local --format json -- \(Device.workload) write 20 uid 10123 read 20 name 1 kernel 20 sleep 300
            """
        let madeFolder = !FileManager.default.fileExists(atPath: "/data")
        defer { if madeFolder { rmdir("/data") } }
        let run = try Tool.parsed(try await Tool.run("/usr/bin/unshare", ["-m", "sh", "-c", script]))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.summary?.by_process.first?.package == "com.example.app")
    }
}
