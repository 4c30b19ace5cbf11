import FaultModel
import Testing

@testable import FaultProbe

struct BufferGeometryTests {
    private func ring(_ requested: UInt64, page: Int = 4096, cpus: Int = 8) -> UInt32 {
        BufferGeometry(.ringbuf, requested: requested, pageSize: page, cpus: cpus).ringBytes
    }

    private func pages(_ requested: UInt64, page: Int = 4096, cpus: Int = 8) -> Int {
        BufferGeometry(.perfbuf, requested: requested, pageSize: page, cpus: cpus).pagesPerCPU
    }

    @Test(arguments: [
        (0, 4096), (1, 4096), (4096, 4096), (4097, 8192), (4 << 20, 4 << 20), (4 << 20 + 1, 8 << 20), (1 << 30, 1 << 30),
        (1 << 30 + 1, 1 << 30), (.max, 1 << 30),
    ] as [(UInt64, UInt32)])
    func `a ring is a power of two, from one page to a gibibyte`(requested: UInt64, bytes: UInt32) {
        #expect(ring(requested) == bytes)
        #expect(ring(requested, cpus: 1) == bytes)
    }

    @Test func `a ring on 16 KiB pages has one page at least`() {
        #expect(ring(0, page: 16384) == 16384)
        #expect(ring(4096, page: 16384) == 16384)
        #expect(ring(16385, page: 16384) == 32768)
    }

    @Test(arguments: [
        (0, 1), (1, 1), (8 * 4096, 1), (8 * 4096 + 1, 2), (16 * 4096, 2), (17 * 4096, 4), (4 << 20, 128), (.max, 32768),
    ] as [(UInt64, Int)])
    func `a perf buffer is a power of two of pages on each CPU`(requested: UInt64, pages: Int) {
        #expect(self.pages(requested) == pages)
    }

    @Test func `perf buffers on 16 KiB pages have a quarter of the pages`() {
        #expect(pages(4 << 20, page: 16384) == 32)
        #expect(pages(4 << 20, page: 16384, cpus: 1) == 256)
        #expect(pages(0, page: 16384, cpus: 1) == 1)
    }

    @Test func `no CPUs count as one`() { #expect(pages(8192, cpus: 0) == 2) }

    @Test(arguments: [Transport.ringbuf, .perfbuf], [1, 3, 8, 320])
    func `the kernel takes whatever is asked, and at least as much is ready`(transport: Transport, cpus: Int) {
        var chance = Chance(seed: UInt64(cpus))
        for page in [4096, 16384, 65536] {
            for _ in 0..<200 {
                let requested = chance.below(1 << chance.below(31))
                let geometry = BufferGeometry(transport, requested: requested, pageSize: page, cpus: cpus)
                #expect(geometry.totalBytes >= requested)
                #expect(geometry.ringBytes.nonzeroBitCount == 1 && geometry.ringBytes >= page)
                #expect(geometry.pagesPerCPU.nonzeroBitCount == 1)
                #expect(geometry.totalBytes <= max(requested * 2, UInt64(page * cpus)))
                #expect(geometry.halfOfOneCPU <= UInt64(UInt32.max))
            }
        }
    }

    @Test func `the reader of a perf buffer wakes at its half`() {
        let geometry = BufferGeometry(.perfbuf, requested: 8 * 65536, pageSize: 4096, cpus: 8)
        #expect(geometry.halfOfOneCPU == 32768)
        #expect(geometry.totalBytes == 8 * 65536)
    }

    @Test func `this machine's geometry can be had`() {
        #expect(BufferGeometry(.ringbuf, requested: 0).ringBytes >= 4096)
        #expect(BufferGeometry(.perfbuf, requested: 0).pagesPerCPU == 1)
    }
}
