import CLinux
import FaultModel
import JSONText

/// The agent's command line.
@main
struct Agent {
    static let version = "0.1.0"

    static func main() {
        linux_return_memory()
        let arguments = CommandLineArguments.all().dropFirst()
        do throws(UsageError) {
            linux_exit(try run(Array(arguments)))
        } catch {
            Console.error("faultline-agent: " + error.text)
            linux_exit(2)
        }
    }

    private static func run(_ arguments: [String]) throws(UsageError) -> Int32 {
        switch arguments.first {
        case "serve": return Server.run(try ServeOptions(arguments.dropFirst()))
        case "record": return Recording.run(try RecordOptions(arguments.dropFirst()))
        case "preflight": return preflight(json: try PreflightOptions(arguments.dropFirst()).json)
        case "symbolise": return SymbolWorker.run(Array(arguments.dropFirst()))
        case "version":
            Console.print("faultline-agent \(version)")
            return 0
        case "--help", "-h", "help":
            Console.print(usage)
            return 0
        case let other?: throw UsageError("there is no command '\(other)'; see faultline-agent --help")
        case nil: throw UsageError("say what to do; see faultline-agent --help")
        }
    }

    private static func preflight(json: Bool) -> Int32 {
        let report = Device.preflight()
        var text = JSONText()
        report.write(to: &text)
        Console.print(json ? String(decoding: text.bytes, as: UTF8.self) : report.text(), newline: json)
        return report.verdict.exitStatus
    }

    private static let usage = """
        Streams this device's page faults to a faultline controller.

          faultline-agent preflight [--json]
              what this kernel can tell of its page faults, and why not more
          faultline-agent serve [--listen 127.0.0.1:0] [--token-file FILE]
              waits for one controller; the token may also be in FAULTLINE_TOKEN
          faultline-agent record --output FILE [--duration 60s] [--max-size 256M] [--min-free 256M] [--count N] [--source NAME]
                  [--pid N] [--uid N] [--package NAME] [--comm GLOB] [--exclude-pid N] [--exclude-uid N] [--exclude-comm GLOB]
                  [--follow] [--outcome NAME] [--min-latency 100us] [--sample N] [--rate-limit N] [--no-outcome] [--stacks]
                  [--kernel-stacks] [--buffer SIZE]
              traces into a new file without a controller; faultline report reads it
          faultline-agent version
        """
}
