#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the files of a recording are called.
struct SeriesNames {
    /// With the last slash; empty: here.
    private let folder: String
    private let stem: String
    private let ending: String
    private let isNumbered: Bool

    /// - Parameter path: as the user gave it: `run.flt`.
    init(_ path: String, isNumbered: Bool) {
        self.isNumbered = isNumbered
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = path[start...]
        let dot = name.lastIndex(of: ".").flatMap { $0 > name.startIndex ? $0 : nil } ?? name.endIndex
        (folder, stem, ending) = (String(path[..<start]), String(name[..<dot]), String(name[dot...]))
    }

    /// `run.flt`, or `run-0001.flt` where there may be several.
    func path(_ number: UInt32) -> String {
        guard isNumbered else { return folder + stem + ending }
        let digits = String(number)
        return folder + stem + "-" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits + ending
    }

    /// - Throws: `RecordingError.exists` for a file of an earlier recording, which would stand among those of this one.
    func check() throws(RecordingError) {
        if let earlier = earlier.first { throw .exists(earlier) }
    }

    /// Removes the files of an earlier recording, but for the first, which is written anew.
    func clear() {
        for file in earlier where file != path(1) { unlink(file) }
    }

    private var earlier: [String] {
        isNumbered ? names.filter(isOurs).map { folder + $0 } : []
    }

    private func isOurs(_ name: String) -> Bool {
        guard name.hasPrefix(stem + "-"), name.hasSuffix(ending), name.utf8.count > stem.utf8.count + ending.utf8.count + 4 else { return false }
        return name.dropFirst(stem.count + 1).dropLast(ending.count).allSatisfy { "0"..."9" ~= $0 }
    }

    private var names: [String] {
        guard let entries = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            names.append(withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) { String(cString: $0) }
            })
        }
        return names
    }
}
