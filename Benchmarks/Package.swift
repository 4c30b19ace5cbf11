// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nobody who builds faultline builds this. `Benchmarks/run` does.
let package = Package(
    name: "faultline-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "faultline", path: ".."),
        // Its traits would put a malloc of its own into the programs.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        .target(
            name: "FaultPatterns", dependencies: [.product(name: "FaultlineKit", package: "faultline")],
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(
            name: "decode-benchmark",
            dependencies: ["FaultPatterns", .product(name: "FaultlineKit", package: "faultline")],
            path: "Sources/DecodeBenchmark",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(
            name: "export-benchmark",
            dependencies: [
                .product(name: "FaultlineExporters", package: "faultline"), .product(name: "FaultlineKit", package: "faultline"),
            ],
            path: "Sources/ExportBenchmark",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        // The package looks for what it runs in a folder of the name Benchmarks, which this one is.
        .executableTarget(
            name: "micro-benchmarks",
            dependencies: [
                "FaultPatterns", .product(name: "Benchmark", package: "benchmark"), .product(name: "FaultlineKit", package: "faultline"),
            ],
            path: "Micro",
            swiftSettings: [.swiftLanguageMode(.v6)],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
        .executableTarget(
            name: "recording-benchmark",
            dependencies: ["FaultPatterns", .product(name: "FaultlineKit", package: "faultline")],
            path: "Sources/RecordingBenchmark",
            swiftSettings: [.swiftLanguageMode(.v6)]),
    ]
)
