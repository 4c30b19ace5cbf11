import FaultModel
@testable import FaultProbe
import FuzzSupport

/// What the agent reads of processes and of Android's packages: maps, mountinfo, packages.list.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let files = FuzzInput.files(FuzzInput.bytes(start, count), limit: 2)
    let fileSystems = MemoryFileSystems(files[files.count - 1])
    for mapping in MapsFile(fileSystems).mappings(files[0]) {
        require(mapping.start < mapping.end, "a mapping has a byte at least: \(mapping)")
    }
    readPackages(files[0])
    return 0
}

private func readPackages(_ text: [UInt8]) {
    let list = PackageList(text)
    for line in text.split(separator: UInt8(ascii: "\n")).prefix(16) {
        let name = String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        require(list.user(of: name) == nil || !list.isEmpty, "who has a user is in the list: \(name)")
        for user in (list.users(of: name) ?? []).prefix(2) {
            _ = (list.package(ofUser: user), list.package(ofUser: user, process: name + ":remote"))
        }
    }
}
