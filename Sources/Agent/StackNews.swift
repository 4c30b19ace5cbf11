import CFaultRecord
import FaultModel
import FaultProbe
import WireProtocol

/// Tells the controller of stacks, each before the first event that bears it.
final class StackNews {
    /// Stacks that events should bear and for which there was no room.
    private(set) var lost: UInt64 = 0
    /// Who has the stacks; it holds who holds this object. Only `tell` reads it: to read it counts references, which is dear for each event.
    unowned(unsafe) var recorder: FaultRecorder?
    private let kinds: StackKinds
    private let connection: Connection
    /// What has been told, by the low bits of the recorder's number.
    private var told: [Told]
    /// Numbers on the wire follow each other, so that none stands for two stacks.
    private var last: UInt32 = 0

    /// More than the recorder's maps hold, so that none of them pushes out another.
    private static let capacity = 1 << 15

    private struct Told: BitwiseCopyable {
        var id: UInt32 = 0
        var number: UInt32 = 0
    }

    /// - Parameter kinds: which stacks the trace is to have.
    init(_ connection: Connection, _ kinds: StackKinds) {
        self.connection = connection
        self.kinds = kinds
        told = kinds.isEmpty ? [] : Array(repeating: Told(), count: Self.capacity)
    }

    /// The numbers of a record's stacks, which have been told by then. Allocates nothing for those that are known.
    @inline(__always)
    func stacks(of record: fault_record) -> FaultStacks {
        if kinds.isEmpty { return FaultStacks() }
        return FaultStacks(user: number(record.user_stack, kernelIP: nil), kernel: number(record.kernel_stack, kernelIP: record.ip))
    }

    /// From now on these of the recorder's numbers stand for other stacks.
    func forget(_ gone: GoneStacks) {
        for slot in told.indices where gone.contains(told[slot].id) { told[slot] = Told() }
    }

    /// - Parameter kernelIP: the instruction from which on a kernel stack is told; nil: it is a user stack.
    @inline(__always)
    private func number(_ id: UInt32, kernelIP: UInt64?) -> UInt32 {
        if id == UInt32(FAULT_STACK_NONE) { return 0 }
        let slot = told[Int(id) % Self.capacity]
        return slot.id == id ? slot.number : tell(id, kernelIP)
    }

    @inline(never)
    private func tell(_ id: UInt32, _ kernelIP: UInt64?) -> UInt32 {
        guard id != UInt32(FAULT_STACK_LOST), let recorded = recorder?.stack(id) else {
            lost += 1
            return FaultStacks.lost
        }
        last &+= 1
        if last == FaultStacks.lost { last = 1 }
        let stack = kernelIP.map { recorded.from($0) } ?? recorded
        connection.send(
            .stack(StackTrace(id: last, isKernel: kernelIP != nil, isTruncated: stack.isTruncated, frames: stack.frames)))
        told[Int(id) % Self.capacity] = Told(id: id, number: last)
        return last
    }
}
