public import FaultModel
public import TraceModel
import WireProtocol

/// Faults with stacks: one of user space, with one place that is known, and cut; one of the kernel.
public struct StackFixture {
    public let names: TraceNames
    public let both: PageFault
    public let without: PageFault
    public let lost: PageFault

    public init() {
        var causes = CauseFinder(nil)
        causes.note(.mapped(Mapped(
            timeNs: 1, pid: 100, mapping: MemoryMapping(start: 0x1000, end: 0x2000, offset: 0, kind: .filePrivate, name: "/lib/a b,\"c.so"))))
        var faults = [fault(5), fault(6), fault(7)]
        faults[0].stacks = FaultStacks(user: 1, kernel: 2)
        faults[2].stacks = FaultStacks(user: FaultStacks.lost, kernel: FaultStacks.lost)
        var names = TraceNames()
        causes.explain(&faults, &names)
        names.note(StackTrace(id: 1, isTruncated: true, frames: [0x1010, 0x9000]))
        names.note(StackTrace(id: 2, isKernel: true, frames: [0xffff_ffff_8100_0000]))
        names.addStacks(to: &faults, causes)
        (self.names, both, without, lost) = (names, faults[0], faults[1], faults[2])
    }
}
