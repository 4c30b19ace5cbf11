/// Stacks with the same beginnings as one tree, its thinnest branches left out.
struct StackTree {
    /// Stacks that are looked at: those with the most faults.
    private static let stackLimit = 2000
    private static let depthLimit = 64
    /// What is less than this part of all is left out.
    private static let thinnest: UInt64 = 1000

    private(set) var root: LiveView.StackNode

    /// - Parameter process: nil: the first level is that of processes.
    init(_ state: borrowing LiveState, _ sums: [Int: LiveView.Sum], _ process: Int?) {
        let (stacks, processes) = (state.stacks.list, state.processes.list)
        let branch = Branch()
        for (place, sum) in sums.sorted(by: { $0.value.events > $1.value.events }).prefix(Self.stackLimit) where place < stacks.count {
            let stack = stacks[place]
            let name = process == nil ? [processes[stack.process].name] : []
            branch.add(name + stack.labels.prefix(Self.depthLimit).reversed(), sum)
        }
        let total = sums.values.reduce(into: LiveView.Sum()) { $0.add($1) }
        root = branch.node("all", leastEvents: total.events / Self.thinnest)
        root.sum = total
    }

    /// A tree that is being built.
    private final class Branch {
        private var sum = LiveView.Sum()
        private var children: [String: Branch] = [:]

        func add(_ path: [String], _ sum: LiveView.Sum) {
            var branch = self
            branch.sum.add(sum)
            for label in path {
                let child = branch.children[label] ?? Branch()
                branch.children[label] = child
                child.sum.add(sum)
                branch = child
            }
        }

        func node(_ label: String, leastEvents: UInt64) -> LiveView.StackNode {
            let thick = children.filter { $0.value.sum.events > leastEvents }
                .map { $0.value.node($0.key, leastEvents: leastEvents) }
            return LiveView.StackNode(
                label: label, sum: sum, children: thick.sorted { ($0.sum.events, $1.label) > ($1.sum.events, $0.label) })
        }
    }
}
