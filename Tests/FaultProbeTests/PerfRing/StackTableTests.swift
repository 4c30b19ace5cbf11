import CFaultRecord
import FaultModel
import Testing

@testable import FaultProbe

/// Stacks in perf's samples: a count, then addresses with a mark before each kind.
struct StackTableTests {
    private static let kernelMark = UInt64(bitPattern: -128)
    private static let userMark = UInt64(bitPattern: -512)

    private func take(_ chain: [UInt64], _ table: StackTable, start: Int = 0) -> (user: UInt32, kernel: UInt32) {
        let ring = FakeRing(.faults, bytes: 8192, start: start)
        ring.write(type: 9, [1, 2, 3, 4] + chain)
        ring.records.pointee.refresh()
        return table.take(ring.records.pointee, from: 5)
    }

    @Test(arguments: [0, 8192 - 56])
    func `each kind of stack is kept once`(start: Int) {
        let table = StackTable(depth: 127)
        let chain = [6, Self.kernelMark, 10, 11, Self.userMark, 20, 21]
        let numbers = take(chain, table, start: start)
        #expect(table.stack(numbers.kernel) == RecordedStack([10, 11], isTruncated: false))
        #expect(table.stack(numbers.user) == RecordedStack([20, 21], isTruncated: false))
        #expect(take(chain, table) == numbers)
        let other = take([3, Self.userMark, 20, 22], table)
        #expect(other.kernel == 0 && other.user != numbers.user)
        #expect(table.stack(other.user)?.frames == [20, 22])
    }

    @Test func `a stack as deep as the kernel writes goes on`() {
        let table = StackTable(depth: 3)
        let numbers = take([5, Self.kernelMark, 1, Self.userMark, 2, 3], table)
        #expect(table.stack(numbers.kernel)?.isTruncated == false)
        #expect(table.stack(numbers.user)?.isTruncated == true)
    }

    @Test(arguments: [[0], [1, userMark], [2, 5, 6], [UInt64.max, userMark, 7], [3, userMark, kernelMark, userMark]] as [[UInt64]])
    func `a chain that is empty, unmarked or lies about its length is no trap`(chain: [UInt64]) {
        let table = StackTable(depth: 127)
        let numbers = take(chain, table)
        #expect(numbers.kernel == 0)
        #expect(numbers.user == 0 || table.stack(numbers.user)?.frames == [7])
    }

    @Test func `a number never stands for another stack`() {
        let table = StackTable(depth: 127)
        let first = take([2, Self.userMark, 1], table).user
        for address in 2...UInt64(20_000) {
            let number = take([2, Self.userMark, address], table).user
            #expect(table.stack(number)?.frames == [address])
        }
        #expect(table.stack(first) == nil)
    }

    @Test func `a kernel stack begins with the instruction that faulted`() {
        let stack = RecordedStack([1, 2, 3, 2], isTruncated: true)
        #expect(stack.from(2) == RecordedStack([2, 3, 2], isTruncated: true))
        #expect(stack.from(9) == stack)
    }

    @Test func `a fault that waits for its end keeps its stack`() throws {
        let table = StackTable(depth: 127)
        let ring = FakeRing(.faults, bytes: 8192)
        var records: [fault_record] = []
        let joiner = FaultJoiner(
            RecordFilter(try KernelFilter(ProbeRequest(source: .perfRing), wakeAtBytes: 0)), waitsForEnd: true,
            facts: ThreadFacts(name: { _ in nil }, user: { _ in nil }), stacks: table
        ) { record in
            records.append(record.loadUnaligned(as: fault_record.self))
            return true
        }
        ring.write(type: 9, misc: 2, [0x40, 7 | 8 << 32, 1, 0x1000, 2, Self.userMark, 0x40])
        ring.records.pointee.refresh()
        let fault = Beginning(pid: 7, tid: 8, timeNs: 1, address: 0x1000, ip: 0x40, cpu: 0, mode: 1)
        #expect(joiner.began(fault, in: ring.records))
        #expect(joiner.ended(tid: 8, timeNs: 2, address: 0x1000, outcome: FAULT_OUTCOME_MINOR))
        #expect(records.map { table.stack($0.user_stack)?.frames } == [[0x40]])
        #expect(records.map(\.kernel_stack) == [0])
    }
}
