import ArgumentParser

/// What holds of every subcommand that may run a command on the target.
enum CommandOptions {
    /// Well below what a frame holds.
    private static let commandCap = 32 << 10

    /// Refuses what cannot be meant.
    static func validate(_ command: [String], _ filters: FilterOptions, _ duration: Duration?) throws {
        if filters.follow, filters.pid.isEmpty {
            throw ValidationError("--follow needs --pid; a command's children are followed without it.")
        }
        if duration == .zero { throw ValidationError("--duration 0 would end before it began; leave it out to trace without a limit.") }
        if !command.isEmpty, !filters.pid.isEmpty {
            throw ValidationError("--pid and a command exclude each other; the command's own faults are traced.")
        }
        if command.reduce(command.count, { $0 + $1.utf8.count }) > commandCap {
            throw ValidationError("The command is longer than \(commandCap) bytes; put it into a script.")
        }
    }
}
