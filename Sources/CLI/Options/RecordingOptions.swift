import ArgumentParser
import Recording

/// Whether and how a trace is kept.
struct RecordingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Keep the trace in this file, for report, export, top and serve.", valueName: "file.flt"),
        completion: .file(extensions: ["flt"]))
    var output: String?

    @Flag(help: "Overwrite what is there.") var force = false

    @Option(help: ArgumentHelp("Begin another file after so many bytes: 512M, 1G.", valueName: "size"))
    var rotateSize: ByteSize?

    @Option(help: ArgumentHelp("Begin another file after this time.", valueName: "1h"))
    var rotateEvery: Duration?

    @Option(help: ArgumentHelp("Keep only the newest N files.", valueName: "n"))
    var keepFiles: Int?

    @Option(help: ArgumentHelp("End the recording when less than this is free.", valueName: "size"))
    var minFree = ByteSize(bytes: 64 << 20)

    /// Smaller files would hold little else than what each has to begin with.
    private static let smallestFile: UInt64 = 1 << 20

    var limits: RecordingLimits {
        RecordingLimits(rotateSize: rotateSize?.bytes, rotateEvery: rotateEvery, keepFiles: keepFiles, minFree: minFree.bytes)
    }

    func validate() throws {
        if output == nil, force || limits.rotates || keepFiles != nil {
            throw ValidationError("--force, --rotate-size, --rotate-every and --keep-files say how to record; name a file with --output.")
        }
        if let rotateSize, rotateSize.bytes < Self.smallestFile {
            throw ValidationError("--rotate-size: each file begins with what it takes to read it alone; 1M is the smallest size.")
        }
        if let rotateEvery, rotateEvery < .seconds(1) { throw ValidationError("--rotate-every: 1s is the shortest time.") }
        if let keepFiles, keepFiles < 1 { throw ValidationError("--keep-files: keep one file and more.") }
        if keepFiles != nil, !limits.rotates {
            throw ValidationError("--keep-files needs --rotate-size or --rotate-every; without them there is one file.")
        }
    }
}
