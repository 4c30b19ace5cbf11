import ArgumentParser
import DeviceLink

/// `faultline agent`: the agent on a device by hand. The other commands bring, start and end it themselves.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Brings, starts and ends the agent on a device by hand.",
        discussion: """
            The other commands do all of it by themselves and leave nothing behind. An agent that is started here can be traced \
            through with --connect.
            """,
        subcommands: [Push.self, Start.self, Stop.self, Status.self])

    struct Push: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Brings the agent's file to the device, unless it is there.")
        @OptionGroup(title: "Target") var target: HandledDevice

        func run() async throws { try Console.write(try await target.agent().push() + "\n") }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starts an agent that waits a minute for one controller, and says how to reach it.")
        @OptionGroup(title: "Target") var target: HandledDevice

        func run() async throws {
            let endpoint = try await target.agent().start(keepsFile: target.device.keep)
            try Console.write("FAULTLINE_TOKEN=\(endpoint.token) faultline trace --connect \(endpoint.place)\n")
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends every agent on the device and removes its file and its forward.")
        @OptionGroup(title: "Target") var target: HandledDevice

        func run() async throws {
            let ended = try await target.agent().stop(keepsFile: target.device.keep)
            try Console.write(ended.isEmpty ? "no agent was running\n" : "ended \(list(ended))\n")
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Says whether the agent is on the device, runs and can be reached.")
        @OptionGroup(title: "Target") var target: HandledDevice

        func run() async throws { try Console.write(Self.text(try await target.agent().status())) }

        private static func text(_ status: DetachedAgent.Status) -> String {
            let usual = AgentFolder.usual.agentPath
            let files = status.files.map { $0 == usual ? "\($0) (\(status.isCurrent ? "this version" : "another version"))" : $0 }
            return """
                file     \(files.isEmpty ? "none" : files.joined(separator: ", "))
                runs     \(status.pids.isEmpty ? "no" : "process \(list(status.pids))")
                reached  \(status.localPorts.isEmpty ? "no forward" : status.localPorts.map { "127.0.0.1:\($0)" }.joined(separator: ", "))

                """
        }
    }
}

private func list(_ pids: [UInt32]) -> String { pids.map(String.init).joined(separator: ", ") }

/// The device of `faultline agent`.
struct HandledDevice: ParsableArguments {
    @OptionGroup var device: DeviceOptions

    @Option(help: ArgumentHelp("The port of the device's where the agent listens.", valueName: "n"))
    var port = DetachedAgent.standardPort

    func agent() async throws -> DetachedAgent {
        DetachedAgent(try await device.reach(), port: port, note: DeviceOptions.note)
    }
}
