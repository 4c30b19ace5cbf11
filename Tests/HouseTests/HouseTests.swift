import Testing

struct HouseTests {
    @Test func `every target has a row in the table, and every row its target`() throws {
        #expect(Set(try SourceFiles.folders(in: "Sources")) == Set(Arrows.table.keys))
    }

    @Test(arguments: Arrows.table.keys.sorted())
    func `a target imports what its row allows`(target: String) throws {
        for file in try SourceFiles.all(in: "Sources/\(target)") {
            let strangers = Set(file.imports).subtracting(Arrows.table[target] ?? [])
            #expect(strangers.isEmpty, "\(file)")
        }
    }

    @Test func `docs architecture md tells each target's arrows`() throws {
        let rows = try Documented.rows()
        #expect(Set(rows.flatMap(\.targets)) == Set(Arrows.table.keys).union(["CFaultRecord"]))
        for row in rows where !row.isInWords {
            for target in row.targets {
                let ours = (Arrows.table[target] ?? []).filter { Arrows.table[$0] != nil || $0 == "CFaultRecord" }
                #expect(Set(row.imports) == ours, "\(target)")
            }
        }
    }

    @Test(arguments: Arrows.device)
    func `what runs on the device knows neither Foundation nor a C library nor the network`(target: String) throws {
        for file in try SourceFiles.all(in: "Sources/\(target)") {
            for module in file.imports {
                #expect(!["Foundation", "FoundationEssentials", "Glibc", "Musl", "Android", "Bionic"].contains(module), "\(file)")
                #expect(!module.hasPrefix("NIO"), "\(file)")
            }
        }
    }

    @Test(arguments: Arrows.device)
    func `what runs on the device imports nothing that does not`(target: String) {
        let ours = (Arrows.table[target] ?? []).intersection(Arrows.table.keys)
        #expect(ours.filter { !$0.hasPrefix("C") }.isSubset(of: Arrows.device))
    }

    @Test func `no arrows lead in a circle`() {
        var known: Set<String> = []
        var rest = Arrows.table
        while let next = rest.first(where: { $0.value.intersection(rest.keys).isEmpty }) {
            known.insert(next.key)
            rest[next.key] = nil
        }
        #expect(rest.isEmpty, "\(rest.keys.sorted())")
    }

    @Test func `no file that people write is longer than 300 lines`() throws {
        for folder in ["Sources", "Tests", "bpf"] {
            for file in try SourceFiles.all(in: folder, endings: ["swift", "c", "h"]) {
                if !file.path.hasSuffix(".pb.swift") { #expect(file.lines.count <= 301, "\(file)") }
            }
        }
    }

    @Test(arguments: [
        ("import A", "A"), ("public import A", "A"), ("@testable import A", "A"), ("internal import A.B", "A"),
        ("@_implementationOnly  import struct A.B", "A"), ("  import A // b", "A"), ("import A;", "A"), ("import func A.b", "A"),
        ("// import A", nil), ("let x = \"import A\"", nil), ("important", nil), ("/// import A", nil),
    ])
    func `an import is seen in each of its shapes`(line: String, module: String?) {
        #expect(Import.module(of: line[...]) == module)
    }
}
