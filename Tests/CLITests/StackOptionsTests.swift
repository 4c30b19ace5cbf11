import ArgumentParser
import FaultModel
import Testing

@testable import CLI

struct StackOptionsTests {
    @Test(arguments: [([], []), (["--stacks"], .user), (["--kernel-stacks"], .kernel), (["--stacks", "--kernel-stacks"], [.user, .kernel])]
        as [([String], StackKinds)])
    func `each kind has its option`(arguments: [String], kinds: StackKinds) throws {
        #expect(try StackOptions.parse(arguments).kinds == kinds)
    }
}
