import Foundation

@testable import DeviceLink

/// A program that stands in for adb: a shell script with a folder of its own for what it remembers.
struct ADBStandIn {
    let device: ADBDevice
    let folder: URL

    /// - Parameter script: sees adb's arguments after `-s SERIAL`, and is in its folder.
    static func run<Result>(_ script: String, _ body: (ADBStandIn) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "faultline-adb-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "adb").path()
        try Data("#!/bin/sh\ncd '\(folder.path())'\n[ \"$1\" != -s ] || shift 2\n\(script)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return try await body(ADBStandIn(device: ADBDevice(adb: ADB(path: path), serial: "S"), folder: folder))
    }
}
