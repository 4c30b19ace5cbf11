/// Stacks with the same beginnings as one tree, its thinnest branches left out.
struct StackTree {
    /// Stacks that are looked at: those with the most faults.
    private static let stackLimit = 4000
    private static let depthLimit = 64
    /// What is less than this part of all is left out.
    private static let thinnest: UInt64 = 1000

    private(set) var root: LiveView.StackNode

    /// - Parameters:
    ///   - sums: by process and stack.
    ///   - process: nil: the first level is that of processes.
    init(_ state: borrowing LiveState, _ sums: [Int: LiveView.Sum], _ process: Int?) {
        let (stacks, labels, processes) = (state.stacks.list, state.stacks.labels, state.processes.list)
        let tree = Branch()
        var programs: [String: Branch] = [:]
        for (subject, sum) in sums.sorted(by: { $0.value.events > $1.value.events }).prefix(Self.stackLimit) {
            let isKnown = subject != CellKey.others
            let name = isKnown ? processes[PairedSubject.process(subject)].name : "[not told apart]"
            let path = isKnown ? stacks[PairedSubject.other(subject)].labels.prefix(Self.depthLimit).reversed() : []
            let branch = process == nil ? programs[name] ?? Branch() : tree
            if process == nil { programs[name] = branch }
            branch.add(path, sum)
        }
        let total = sums.values.reduce(into: LiveView.Sum()) { $0.add($1) }
        let least = total.events / Self.thinnest
        let children = process == nil
            ? programs.map { $1.node($0, labels, least) }.filter { $0.sum.events > least } : tree.node("", labels, least).children
        root = LiveView.StackNode(label: "all", sum: total, children: children.sorted { $0.precedes($1) })
    }

    /// A tree that is being built.
    private final class Branch {
        private var sum = LiveView.Sum()
        private var children: [Int32: Branch] = [:]

        func add(_ path: some Sequence<Int32>, _ sum: LiveView.Sum) {
            var branch = self
            branch.sum.add(sum)
            for label in path {
                let child = branch.children[label] ?? Branch()
                branch.children[label] = child
                child.sum.add(sum)
                branch = child
            }
        }

        func node(_ label: String, _ labels: LabelNames, _ least: UInt64) -> LiveView.StackNode {
            let thick = children.filter { $0.value.sum.events > least }.map { $0.value.node(labels[$0.key], labels, least) }
            return LiveView.StackNode(label: label, sum: sum, children: thick.sorted { $0.precedes($1) })
        }
    }
}

extension LiveView.StackNode {
    fileprivate func precedes(_ other: Self) -> Bool { (sum.events, other.label) > (other.sum.events, label) }
}
