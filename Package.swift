// swift-tools-version: 6.2
import PackageDescription

// MARK: - Settings

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

/// What also runs on the device is Embedded Swift there: the ordinary build refuses what that subset lacks.
let deviceSettings = settings + [.treatWarning("EmbeddedRestrictions", as: .error)]

// MARK: - Shared by device and host

var targets: [Target] = [
    .systemLibrary(name: "CFaultRecord", path: "bpf/include"),
    .target(name: "JSONText", swiftSettings: deviceSettings),
    .target(name: "FaultModel", dependencies: ["JSONText"], swiftSettings: deviceSettings),
    .target(name: "KernelConfiguration", dependencies: ["FaultModel"], swiftSettings: deviceSettings),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "WireProtocol", dependencies: ["CFaultRecord", "CZlib", "FaultModel"], swiftSettings: deviceSettings),
]

// MARK: - Host

targets += [
    .target(
        name: "OfflinePreflight", dependencies: ["CZlib", "FaultModel", "KernelConfiguration"], swiftSettings: settings),
    .target(
        name: "CDemangle",
        linkerSettings: [
            .linkedLibrary("stdc++", .when(platforms: [.linux])), .linkedLibrary("c++", .when(platforms: [.macOS])),
        ]),
    .target(name: "TraceModel", dependencies: ["CDemangle", "FaultModel", "WireProtocol"], swiftSettings: settings),
    .target(
        name: "DeviceLink",
        dependencies: [
            "WireProtocol",
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "SystemPackage", package: "swift-system"),
        ],
        swiftSettings: settings),
    .target(
        name: "TraceSchemas", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
        exclude: ["generate", "perfetto.proto", "profile.proto"], swiftSettings: settings),
    .target(
        name: "Exporters",
        dependencies: [
            "CZlib", "FaultModel", "JSONText", "TraceModel", "TraceReport", "TraceSchemas", "WireProtocol",
            .product(name: "GRDB", package: "GRDB.swift"),
            .product(name: "GRDBSQLite", package: "GRDB.swift"),
            .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        ],
        swiftSettings: settings),
    .target(
        name: "LiveModel", dependencies: ["FaultModel", "TraceModel", "WireProtocol"], swiftSettings: settings),
    .target(
        name: "TerminalView", dependencies: ["FaultModel", "LiveModel", "TraceModel", "TraceReport", "WireProtocol"],
        swiftSettings: settings),
    .systemLibrary(name: "CMalloc"),
    .target(name: "CTerminal"),
    .target(name: "TerminalControl", dependencies: ["CTerminal"], swiftSettings: settings),
    .target(
        name: "TraceReport",
        dependencies: ["FaultModel", "TraceModel", "WireProtocol", .product(name: "Histogram", package: "hdrhistogram-swift")],
        swiftSettings: settings),
    .target(
        name: "Recording",
        dependencies: ["FaultModel", "TraceModel", "WireProtocol", .product(name: "SystemPackage", package: "swift-system")],
        swiftSettings: settings),
    .target(
        name: "Dashboard",
        dependencies: [
            "FaultModel", "JSONText", "LiveModel", "TraceModel", "WireProtocol",
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
        ],
        resources: [
            .embedInCode("Page/index.html"), .embedInCode("Page/page.css"), .embedInCode("Page/theme.js"), .embedInCode("Page/format.js"),
            .embedInCode("Page/charts.js"), .embedInCode("Page/flame.js"), .embedInCode("Page/tables.js"), .embedInCode("Page/app.js"),
        ],
        swiftSettings: settings),
    .executableTarget(
        name: "CLI",
        dependencies: [
            "CMalloc", "Dashboard", "DeviceLink", "Exporters", "FaultModel", "LiveModel", "OfflinePreflight", "Recording", "TerminalControl", "TerminalView",
            "TraceReport", "TraceModel", "WireProtocol",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "SystemPackage", package: "swift-system"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        ],
        swiftSettings: settings),
]

// MARK: - Tests

targets += [
    .testTarget(name: "JSONTextTests", dependencies: ["JSONText"], swiftSettings: settings),
    .testTarget(name: "FaultModelTests", dependencies: ["FaultModel", "JSONText"], swiftSettings: settings),
    .testTarget(name: "KernelConfigurationTests", dependencies: ["FaultModel", "KernelConfiguration"], swiftSettings: settings),
    .testTarget(
        name: "OfflinePreflightTests",
        dependencies: ["CZlib", "FaultModel", "JSONText", "KernelConfiguration", "OfflinePreflight"],
        swiftSettings: settings),
    .testTarget(
        name: "WireProtocolTests", dependencies: ["CFaultRecord", "FaultModel", "WireProtocol"],
        swiftSettings: settings),
    .target(
        name: "TraceFixtures", dependencies: ["CFaultRecord", "FaultModel", "TraceModel", "TraceReport", "WireProtocol"], path: "Tests/TraceFixtures",
        swiftSettings: settings),
    .testTarget(
        name: "TraceModelTests", dependencies: ["FaultModel", "TraceFixtures", "TraceModel", "WireProtocol"],
        swiftSettings: settings),
    .testTarget(
        name: "ExportersTests",
        dependencies: [
            "CZlib", "Exporters", "FaultModel", "JSONText", "TraceFixtures", "TraceModel", "TraceReport", "TraceSchemas",
            "WireProtocol",
            .product(name: "GRDB", package: "GRDB.swift"),
            .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "TerminalViewTests",
        dependencies: ["FaultModel", "LiveModel", "TerminalView", "TraceFixtures", "TraceModel", "TraceReport", "WireProtocol"],
        exclude: ["Top/Screens"], swiftSettings: settings),
    .testTarget(
        name: "LiveModelTests",
        dependencies: ["FaultModel", "LiveModel", "TraceFixtures", "TraceModel", "WireProtocol"], swiftSettings: settings),
    .testTarget(
        name: "TerminalTests",
        dependencies: [
            .product(name: "Subprocess", package: "swift-subprocess"), .product(name: "SystemPackage", package: "swift-system"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "TraceReportTests", dependencies: ["FaultModel", "TraceFixtures", "TraceModel", "TraceReport", "WireProtocol"],
        swiftSettings: settings),
    .testTarget(
        name: "RecordingTests",
        dependencies: [
            "FaultModel", "Recording", "TraceFixtures", "TraceModel", "WireProtocol",
            .product(name: "SystemPackage", package: "swift-system"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "DashboardTests",
        dependencies: [
            "Dashboard", "FaultModel", "LiveModel", "TraceFixtures", "TraceModel", "WireProtocol",
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "DeviceLinkTests",
        dependencies: [
            "DeviceLink", "FaultModel", "WireProtocol",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "CLITests",
        dependencies: [
            "CLI", "DeviceLink", "Exporters", "FaultModel", "OfflinePreflight", "Recording", "TraceReport",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "SystemPackage", package: "swift-system"),
        ],
        swiftSettings: settings),
    .testTarget(name: "HouseTests", swiftSettings: settings),
    .testTarget(
        name: "DeviceTests",
        dependencies: [
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "SystemPackage", package: "swift-system"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "KernelTests",
        dependencies: [
            "DeviceLink", "FaultModel", "WireProtocol",
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "SystemPackage", package: "swift-system"),
        ],
        swiftSettings: settings),
]

var products: [Product] = [
    .executable(name: "faultline", targets: ["CLI"]),
    .library(name: "FaultlineKit", targets: ["FaultModel", "Recording", "TraceModel", "TraceReport", "WireProtocol"]),
    .library(name: "FaultlineExporters", targets: ["Exporters"]),
]

// MARK: - Device (Linux and Android only)

#if os(Linux)
targets += [
    .target(
        name: "CLibbpf",
        linkerSettings: [.linkedLibrary("bpf"), .linkedLibrary("elf"), .linkedLibrary("z"), .linkedLibrary("m")]),
    .target(name: "CConfinement"),
    .target(name: "CLinux", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CFaultObjects", linkerSettings: [.linkedLibrary("z")]),
    .target(
        name: "CSymbols", linkerSettings: [.linkedLibrary("elf"), .linkedLibrary("lzma"), .linkedLibrary("z")]),
    .target(
        name: "FaultProbe",
        dependencies: ["CFaultObjects", "CFaultRecord", "CLibbpf", "CLinux", "FaultModel"],
        swiftSettings: deviceSettings),
    .target(
        name: "Preflight", dependencies: ["CLibbpf", "CLinux", "FaultModel", "KernelConfiguration"],
        swiftSettings: deviceSettings),
    .target(name: "AgentCore", dependencies: ["FaultModel", "WireProtocol"], swiftSettings: deviceSettings),
    .executableTarget(
        name: "Agent",
        dependencies: [
            "AgentCore", "CConfinement", "CFaultRecord", "CLinux", "CSymbols", "FaultModel", "FaultProbe", "JSONText", "Preflight",
            "WireProtocol",
        ],
        swiftSettings: deviceSettings),
    .testTarget(name: "CConfinementTests", dependencies: ["CConfinement"], swiftSettings: settings),
    .testTarget(name: "CSymbolsTests", dependencies: ["CSymbols"], swiftSettings: settings),
    .testTarget(name: "ObjectTests", dependencies: ["CLibbpf"], swiftSettings: settings),
    .testTarget(
        name: "PreflightTests", dependencies: ["CLinux", "FaultModel", "KernelConfiguration", "Preflight"],
        swiftSettings: settings),
    .testTarget(
        name: "FaultProbeTests", dependencies: ["CFaultObjects", "CFaultRecord", "CLinux", "FaultModel", "FaultProbe"],
        swiftSettings: settings),
    .testTarget(
        name: "AgentCoreTests", dependencies: ["AgentCore", "FaultModel", "WireProtocol"], swiftSettings: settings),
]
products += [
    .executable(name: "faultline-agent", targets: ["Agent"]),
    // What reads what comes from elsewhere, for Fuzzing
    .library(
        name: "FaultlineReaders",
        targets: [
            "AgentCore", "CDemangle", "CSymbols", "FaultProbe", "KernelConfiguration", "LiveModel", "OfflinePreflight", "Preflight", "TerminalView",
        ]),
]
#endif

// MARK: - Package

let package = Package(
    name: "faultline",
    platforms: [.macOS(.v15)],
    products: products,
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: targets
)
