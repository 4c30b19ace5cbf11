import Foundation
import Testing

/// The frames of a stack have the names that their files' symbols give them.
@Suite(.serialized) struct NamedStackTests {
    private static let library = FileManager.default.currentDirectoryPath + "/build/tests/symbols"

    private func names(_ event: Event) -> [String?]? { event.stack?.map(\.symbol) }

    @Test(arguments: Device.ways)
    func `a program's functions, seven deep`(way: Way) async throws {
        let run = try await Tool.trace(way.options + ["--stacks"] + Base.range(Base.seven), ["seven", "29"])
        #expect(run.events.count == 29)
        for event in run.events {
            #expect(names(event)?.prefix(7) == ["seventh", "sixth", "fifth", "fourth", "third", "second", "first"])
            #expect(event.ip_mapping?.symbol == "seventh")
        }
    }

    @Test(.enabled(if: Device.isThisMachine), arguments: [
        ("deep.so", ["deep_fifth", "deep_fourth", "deep_third", "deep_second", "deep_first", "main"]),
        ("deep-dynamic.so", [nil, nil, nil, nil, "deep_first", "main"]),
    ])
    func `a library's functions, with all symbols and with the exported ones alone`(library: String, expected: [String?]) async throws {
        let path = Self.library + "/" + library
        let run = try await Tool.trace(["--stacks"] + Base.range(Base.deeper) + ["--", Self.library + "/deeper", path])
        #expect(run.events.count == 10)
        for event in run.events {
            let stack = try #require(event.stack)
            #expect(names(event)?.prefix(6) == expected[...])
            #expect(stack.prefix(5).allSatisfy { $0.mapping == path && $0.offset != nil })
        }
    }
}
