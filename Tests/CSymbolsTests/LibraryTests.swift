import Foundation
import Testing

/// The reader keeps what it has read in one place, as its process has but one thread: one test at a time.
@Suite(.serialized) enum ReaderTests {}

extension ReaderTests {
    /// Each shape of a library against what the library says itself.
    @Suite(.serialized) struct LibraryTests {
        @Test(arguments: ["full", "shifted", "mini"])
        func `every function has its name, from its first byte to its last`(shape: String) throws {
            let library = try Library(shape)
            #expect(library.functions.count == 5)
            for function in library.functions {
                let first = Reader.find(library.path, function.offset)
                #expect(first.name == function.name)
                #expect(first.start == function.offset)
                #expect(first.end > first.start + 4)
                #expect(Reader.find(library.path, first.end - 1) == first)
                #expect(Reader.find(library.path, first.end).name != function.name)
            }
        }

        @Test func `with dynsym alone the library's own functions have no names, and a range that says so`() throws {
            let library = try Library("dynamic")
            for function in library.functions {
                let found = Reader.find(library.path, function.offset)
                #expect(found.name == (function.isExported ? function.name : ""))
                #expect(found.start <= function.offset && function.offset < found.end)
                #expect(Reader.find(library.path, found.start) == found)
                #expect(Reader.find(library.path, found.end - 1) == found)
            }
            #expect(Reader.problem(library.path) == "")
        }

        @Test func `without any the problem says why`() throws {
            #expect(try Library("none").functions.count == 5)
            #expect(Reader.problem(Library.path("none.so")) == "it is stripped")
        }

        @Test func `the build id is the file's, if it has one`() {
            #expect(Reader.buildID(Library.path("full.so")).count == 40)
            #expect(Reader.buildID(Library.path("full.so")) == Reader.buildID(Library.path("mini.so")))
            #expect(Reader.buildID(Library.path("shifted.so")) == "")
        }

        @Test func `a library that lies in an archive is found at its place there`() throws {
            let library = try Library("full")
            let archive = StoredArchive(["AndroidManifest.xml": Data(count: 700), "lib/arm64-v8a/libfull.so": try Data(contentsOf: URL(filePath: library.path))])
            let path = try archive.write()
            defer { try? FileManager.default.removeItem(atPath: path) }
            let base = try #require(archive.starts["lib/arm64-v8a/libfull.so"])
            for function in library.functions {
                let found = Reader.find(path, base + function.offset)
                #expect(found.name == function.name)
                #expect(found.start == base + function.offset)
            }
            #expect(Reader.problem(path, try #require(archive.starts["AndroidManifest.xml"])) == "it is no ELF file")
            #expect(Reader.problem(path, 0) == "nothing is stored there unpacked")
            #expect(Reader.problem(path, 1 << 40) == "nothing is stored there unpacked")
        }

        @Test func `vdso has the clock's function`() throws {
            let names = Set((0..<UInt64(8192)).map { Reader.find("[vdso]", $0).name })
            #expect(names.contains { $0.hasSuffix("clock_gettime") })
            #expect(Reader.problem("[vdso]") == "")
        }

        @Test func `the kernel's functions are those of kallsyms, or the problem says why not`() throws {
            let text = String(decoding: try #require(try FileHandle(forReadingAtPath: "/proc/kallsyms")?.readToEnd()), as: UTF8.self)
            let line = try #require(text.split(separator: "\n").first { $0.hasSuffix(" T handle_mm_fault") })
            let address = try #require(UInt64(line.prefix(16), radix: 16))
            if address == 0 {
                #expect(Reader.problem("[kernel]", 1 << 63) == "the kernel hides its addresses (kernel.kptr_restrict)")
            } else {
                let found = Reader.find("[kernel]", address + 8)
                #expect(found.name == "handle_mm_fault")
                #expect(found.start == address)
            }
        }

        @Test func `what cannot be read says so`() {
            #expect(Reader.problem("/nowhere/at/all.so") == "it cannot be opened (ENOENT)")
            #expect(Reader.problem("/dev/zero") == "it cannot be opened (ENOENT)")
            #expect(Reader.problem("/etc/hostname") == "it is no ELF file")
            #expect(Reader.problem("") == "it cannot be opened (ENOENT)")
            #expect(Reader.problem(Library.path("full.so"), .max) == "nothing reaches that far")
        }
    }
}
