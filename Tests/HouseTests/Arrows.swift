/// What each target may import, Swift's own library aside: the table of docs/architecture.md. The compiler does not
/// see to it.
enum Arrows {
    static let table: [String: Set<String>] = [
        // Kernel's side and C
        "CConfinement": [],
        "CDemangle": [],
        "CFaultObjects": [],
        "CLibbpf": [],
        "CLinux": [],
        "CSymbols": [],
        "CMalloc": [],
        "CTerminal": [],
        "CZlib": [],
        // Device and host
        "JSONText": [],
        "FaultModel": ["JSONText"],
        "KernelConfiguration": ["FaultModel"],
        "WireProtocol": ["CFaultRecord", "CZlib", "FaultModel"],
        // Device
        "FaultProbe": ["CFaultObjects", "CFaultRecord", "CLibbpf", "CLinux", "FaultModel"],
        "Preflight": ["CLibbpf", "CLinux", "FaultModel", "KernelConfiguration"],
        "AgentCore": ["FaultModel", "WireProtocol"],
        "Agent": [
            "AgentCore", "CConfinement", "CFaultRecord", "CLinux", "CSymbols", "FaultModel", "FaultProbe", "JSONText", "Preflight",
            "WireProtocol",
        ],
        // Host
        "OfflinePreflight": ["CZlib", "FaultModel", "KernelConfiguration"],
        "TraceModel": ["CDemangle", "FaultModel", "WireProtocol"],
        "DeviceLink": ["WireProtocol", "Crypto", "NIOCore", "NIOPosix", "Subprocess", "Synchronization"] + system,
        "TraceSchemas": ["SwiftProtobuf"],
        "Exporters": [
            "CZlib", "FaultModel", "JSONText", "TraceModel", "TraceReport", "TraceSchemas", "WireProtocol", "GRDB", "GRDBSQLite", "SwiftProtobuf",
        ],
        "LiveModel": ["FaultModel", "TraceModel", "WireProtocol", "Synchronization"],
        "TerminalView": ["FaultModel", "LiveModel", "TraceModel", "TraceReport", "WireProtocol"],
        "TerminalControl": ["CTerminal", "Dispatch"] + system,
        "TraceReport": ["FaultModel", "TraceModel", "WireProtocol", "Histogram"],
        "Recording": ["FaultModel", "TraceModel", "WireProtocol"] + system,
        "Dashboard": [
            "FaultModel", "JSONText", "LiveModel", "TraceModel", "WireProtocol", "Crypto", "Foundation", "FoundationEssentials",
            "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore", "Synchronization",
        ] + system,
        "CLI": [
            "CMalloc", "Dashboard", "DeviceLink", "Exporters", "FaultModel", "JSONText", "LiveModel", "OfflinePreflight", "Recording",
            "TerminalControl", "TerminalView", "TraceReport", "TraceModel", "WireProtocol", "ArgumentParser", "Dispatch", "Synchronization", "UnixSignals",
        ] + system,
    ]

    /// What runs on the device, where there is neither Foundation nor a C library module.
    static let device: Set = [
        "JSONText", "FaultModel", "KernelConfiguration", "WireProtocol", "FaultProbe", "Preflight", "AgentCore", "Agent",
    ]

    /// The same under each system's name.
    private static let system: Set = ["System", "SystemPackage", "Darwin", "Glibc", "Musl"]
}

private func + (left: Set<String>, right: Set<String>) -> Set<String> { left.union(right) }
