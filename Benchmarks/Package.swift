// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nobody who builds faultline builds this. `Benchmarks/run` does.
let package = Package(
    name: "faultline-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "faultline", path: "..")],
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
        .executableTarget(
            name: "recording-benchmark",
            dependencies: ["FaultPatterns", .product(name: "FaultlineKit", package: "faultline")],
            path: "Sources/RecordingBenchmark",
            swiftSettings: [.swiftLanguageMode(.v6)]),
    ]
)
