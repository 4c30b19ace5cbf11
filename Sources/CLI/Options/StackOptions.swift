import ArgumentParser
import FaultModel

/// Which stacks go with faults.
struct StackOptions: ParsableArguments {
    @Flag(help: "Show with each fault the functions that led to it, as far as code keeps frame pointers.")
    var stacks = false

    @Flag(help: "Show with each fault in kernel mode the kernel's own functions that led to it.")
    var kernelStacks = false

    var kinds: StackKinds {
        var kinds: StackKinds = []
        if stacks { kinds.insert(.user) }
        if kernelStacks { kinds.insert(.kernel) }
        return kinds
    }
}
