import Foundation
import Testing

extension ReaderTests {
    /// Files that are cut or changed at random: whatever is said of them, the reader goes on.
    @Suite(.serialized) struct BrokenFileTests {
        /// The same on each run.
        private struct Numbers: RandomNumberGenerator {
            var state: UInt64

            mutating func next() -> UInt64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return state ^ state >> 29
            }
        }

        private func look(at bytes: Data) throws {
            let path = NSTemporaryDirectory() + "/faultline-test-\(UUID().uuidString).so"
            try bytes.write(to: URL(filePath: path))
            defer { try? FileManager.default.removeItem(atPath: path) }
            for place in [0, 0x1100, 0x1118, UInt64.max] {
                let found = Reader.find(path, place)
                #expect(found.start < found.end)
            }
        }

        private func library(_ shape: String) throws -> Data { try Data(contentsOf: URL(filePath: Library.path(shape + ".so"))) }

        @Test(arguments: ["full", "mini"]) func `a file that ends early`(shape: String) throws {
            let whole = try library(shape)
            for cut in stride(from: 1, to: whole.count, by: whole.count / 64) { try look(at: whole.prefix(cut)) }
        }

        @Test(arguments: ["full", "mini"]) func `bytes that are others`(shape: String) throws {
            let whole = try library(shape)
            var numbers = Numbers(state: 7)
            for _ in 0..<64 {
                var broken = whole
                for _ in 0..<40 { broken[Int.random(in: 0..<broken.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers) }
                try look(at: broken)
            }
        }

        /// The file's header and the tables that it points to, where a wrong number leads furthest.
        @Test(arguments: ["full", "mini"]) func `numbers that are others`(shape: String) throws {
            let whole = try library(shape)
            var numbers = Numbers(state: 11)
            let sections = whole.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: 40, as: UInt64.self)) }
            for _ in 0..<64 {
                var broken = whole
                for _ in 0..<3 {
                    let headers = Bool.random(using: &numbers) ? 16..<600 : sections..<whole.count
                    let place = Int.random(in: headers, using: &numbers)
                    broken[place] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &numbers)!
                }
                try look(at: broken)
            }
        }
    }
}
