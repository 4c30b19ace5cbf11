import FuzzSupport
@testable import TraceModel

/// A symbol's name as a device's file has it: C++, Rust or Swift, or what looks like it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let name = String(decoding: FuzzInput.bytes(start, count).prefix { $0 != 0 }, as: UTF8.self)
    let demangled = Demangler.demangled(name)
    require(demangled.utf8.count <= 1 << 20, "a short name stays one: \(demangled.utf8.count) bytes of \(name)")
    return 0
}
