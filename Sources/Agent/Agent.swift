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
        switch arguments.contains("--help") ? "--help" : arguments.first {
        case "serve": return withDescriptors(try ServeOptions(arguments.dropFirst()), Server.run)
        case "record": return withDescriptors(try RecordOptions(arguments.dropFirst()), Recording.run)
        case "preflight": return withDescriptors(try PreflightOptions(arguments.dropFirst()).json, preflight)
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

    /// Runs what opens files on each CPU, unless fewer are allowed than it takes: it would fail anywhere, and without a word where it cannot
    /// listen any more. No more are asked for than needed, because the command of a trace inherits the limit.
    private static func withDescriptors<Options>(_ options: Options, _ run: (Options) -> Int32) -> Int32 {
        let wanted = 64 + 8 * UInt64(linux_cpu_count())
        let allowed = linux_raise_descriptors(wanted)
        guard allowed < wanted else { return run(options) }
        Console.error("faultline-agent: \(allowed) open files are allowed where \(wanted) are needed; raise the limit with ulimit -n \(wanted)")
        return 1
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
