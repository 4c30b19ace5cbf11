import Testing

/// What the preflight promises of each source on this kernel is what a trace gives, fault by fault; and what it rules out
/// does not work.
@Suite(.serialized, .enabled(if: Device.cells != nil, "Tests/Matrix/run says where the cells go")) struct MatrixTests {
    private static let preflight = Task { try await Preflight.of(Device.target) }

    @Test(arguments: Way.all)
    func `the promise is the result`(way: Way) async throws {
        let preflight = try await Self.preflight.value
        let cell = try await Cell.tried(way, preflight, .full(on: preflight.kernel), on: Device.target)
        try cell.record()
        #expect(cell.differences.isEmpty)
    }

    @Test func `a trace takes the source that the preflight names`() async throws {
        let preflight = try await Self.preflight.value
        let run = try await Tool.trace(["--", Device.workload, "write", "97"])
        #expect(run.status == (preflight.source == nil ? 1 : 0), "\(run.errors)")
        #expect(run.summary?.source == preflight.source)
    }
}
