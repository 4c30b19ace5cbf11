// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds faultline builds this. `Fuzzing/run` does, with libFuzzer and the address sanitizer.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let kit = Target.Dependency.product(name: "FaultlineKit", package: "faultline")
let readers = Target.Dependency.product(name: "FaultlineReaders", package: "faultline")

/// A program that libFuzzer drives.
func target(_ name: String, _ path: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzSupport", kit, readers] + dependencies, path: "Sources/" + path, swiftSettings: settings)
}

let package = Package(
    name: "faultline-fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "faultline", path: ".."),
        // The versions are the main package's.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CLibFuzzer", path: "Sources/CLibFuzzer"),
        .target(name: "FuzzSupport", dependencies: ["CLibFuzzer", kit], swiftSettings: settings),
        target("agent-frames", "AgentFrames"),
        target("controller-frames", "ControllerFrames"),
        target("recording-files", "RecordingFiles"),
        target("kernel-dumps", "KernelDumps"),
        target("kernel-files", "KernelFiles"),
        target("process-files", "ProcessFiles"),
        .executableTarget(name: "symbol-files", dependencies: [readers], path: "Sources/SymbolFiles"),
        // What is linked there are files of the two targets that need much else.
        target("filters", "FilterOptions", [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
        target("adb-answers", "ADBAnswers", [
            .product(name: "Subprocess", package: "swift-subprocess"), .product(name: "SystemPackage", package: "swift-system"),
        ]),
        target("mangled-names", "MangledNames"),
    ]
)
