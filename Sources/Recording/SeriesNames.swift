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

    /// Sees to it that no file of an earlier recording will stand among those of this one.
    ///
    /// - Parameter overwrites: whether they may be removed.
    /// - Throws: `RecordingError.exists` for one that may not go.
    func clear(overwrites: Bool) throws(RecordingError) {
        guard isNumbered else { return }
        for name in names where isOurs(name) {
            guard overwrites else { throw .exists(folder + name) }
            unlink(folder + name)
        }
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
