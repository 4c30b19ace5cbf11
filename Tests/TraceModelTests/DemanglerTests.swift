import Testing

@testable import TraceModel

struct DemanglerTests {
    @Test(arguments: [
        ("_ZN4shop5Queue4takeEi", "shop::Queue::take(int)"),
        ("_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<int, std::allocator<int> >::push_back(int const&)"),
        ("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad"),
        ("$s4main5QueueV4take_2byS2i_SitF", "main.Queue.take(_: Swift.Int, by: Swift.Int) -> Swift.Int"),
        ("malloc", "malloc"), ("_start", "_start"), ("_Z", "_Z"), ("_ZN", "_ZN"), ("$s", "$s"), ("", ""),
        ("_RNvCs1234_7mycrate3foo", "_RNvCs1234_7mycrate3foo"),
    ])
    func `a name is shown as its source has it, or as it is`(mangled: String, name: String) {
        #expect(Demangler.demangled(mangled) == name)
    }

    @Test func `a name whose text would fill the memory is left as it is`() {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let bomb = "_Z1fSt4pairIiiE" + (0..<30).map { "S_IS\(digits[$0])_S\(digits[$0])_E" }.joined()
        #expect(Demangler.demangled(bomb) == bomb)
    }

    @Test func `a name that is longer than any is left as it is`() {
        let long = "_ZN" + String(repeating: "1a", count: 1100) + "Ev"
        #expect(Demangler.demangled(long) == long)
    }
}
