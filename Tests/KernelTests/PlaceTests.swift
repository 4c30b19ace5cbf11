import Foundation
import Testing

/// Where each fault is: in which mapping, how far into it, and what that is for.
@Suite(.serialized) struct PlaceTests {
    /// 16 MiB lie between the workload's mappings.
    private func place(_ run: Run, _ base: UInt64, _ number: Int) -> Event.Place? {
        let start = base + UInt64(number) << 24
        return run.events.first { start..<start + 1 << 24 ~= $0.page }?.mapping
    }

    private func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

    @Test(arguments: Device.ways)
    func `files are told by what they are`(way: Way) async throws {
        let files = [
            ("base.apk", "apk"), ("core.jar", "jar"), ("classes.dex", "dex"), ("base.odex", "dex"), ("base.vdex", "dex"), ("boot.oat", "oat"),
            ("boot.art", "art"), ("Roboto.ttf", "ttf"), ("libfoo.so", "so"), ("libfoo.so.6", "so"), ("with space", "file"),
        ]
        let run = try await Tool.trace(way.options, ["in", Device.folder] + files.flatMap { ["file", $0.0] })
        #expect(run.status == 0, "\(run.errors)")
        for (number, file) in files.enumerated() {
            let place = place(run, Base.files, number)
            #expect(place == Event.Place(name: Device.folder + "/" + file.0, offset: hexadecimal(Device.pageSize), region: file.1))
        }
    }

    @Test(arguments: Device.ways)
    func `memory is told by what it is`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["in", Device.folder, "kinds", "0"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(place(run, Base.kinds, 0) == Event.Place(name: Device.folder + "/gone (deleted)", offset: "0x0", region: "file"))
        #expect(place(run, Base.kinds, 1) == Event.Place(name: "/memfd:scratch (deleted)", offset: "0x0", region: "memfd"))
        let systemV = place(run, Base.kinds, 2)
        #expect(!Device.isThisMachine && systemV == nil || systemV == Event.Place(name: "/SYSV00000000 (deleted)", offset: "0x0", region: "shared"))
        let named = try #require(place(run, Base.kinds, 3))
        #expect(named.offset == "0x0")
        #expect([["[anon]", "anonymous"], ["[anon:dalvik-main space]", "dalvik"]].contains([named.name, named.region]))
        for (name, region) in [("[heap]", "heap"), ("[stack]", "stack"), ("[vdso]", "vdso"), ("[anon]", "anonymous")] {
            #expect(run.events.contains { $0.mapping?.name == name && $0.mapping?.region == region }, "\(name)")
        }
        #expect(run.events.contains { $0.mapping?.region == "exe" && $0.mapping?.name.hasSuffix("/faults") == true })
    }

    @Test(arguments: Device.ways)
    func `an instruction is told by its file, the kernel's by its address`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["write", "50", "kernel", "50"])
        let code = Set(run.events(at: Base.write).map(\.ip_mapping?.name))
        #expect(code.count == 1 && code.first??.hasSuffix("/faults") == true)
        for event in run.events(at: Base.kernel) {
            #expect(event.ip_mapping?.name == "[kernel]" && event.ip_mapping?.offset == event.ip)
        }
    }

    @Test(arguments: Device.ways)
    func `mappings that follow each other at one address are not confused`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["in", Device.folder, "replace", "200"])
        let names = run.events(at: Base.replaced).map(\.mapping?.name)
        #expect(names == (0..<200).map { "\(Device.folder)/replaced.\($0)" })
    }

    @Test func `without outcomes places are told all the same`() async throws {
        let run = try await Tool.trace(["--no-outcome"], ["write", "20"])
        #expect(run.events(at: Base.write).allSatisfy { $0.mapping?.region == "anonymous" && $0.process == "faults" })
    }

    /// On an emulator, whose agent is a hundred times slower, a tenth of them.
    @Test func `fifty thousand mappings of one process are told apart`() async throws {
        let count = Device.isThisMachine ? 50_000 : 5000
        let run = try await Tool.trace(Device.best.options, ["many", "\(count)", "write", "500"])
        #expect(run.status == 0, "\(run.errors)")
        let summary = try #require(run.summary)
        #expect(summary.lost == 0)
        #expect(run.events(at: Base.many).count == count)
        #expect(run.events(at: Base.many).allSatisfy { $0.mapping == Event.Place(name: "[anon]", offset: "0x0", region: "anonymous") })
        #expect(run.events(at: Base.write).allSatisfy { $0.mapping?.name == "[anon]" })
        #expect(try #require(summary.agent).resident_bytes < 64 << 20)
    }
}
