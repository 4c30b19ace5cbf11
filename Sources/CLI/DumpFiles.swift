import OfflinePreflight

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// A dump that nothing can be concluded from: the command was used wrongly.
enum DumpFileError: Error, CustomStringConvertible {
    case unreadable(String, Errno)
    case unusable(String, DumpError)

    var description: String {
        switch self {
        case .unreadable(let path, let errno): "cannot read \(path): \(errno); name a file that was fetched from the device"
        case .unusable(let path, let error): "\(path) \(error.text)"
        }
    }
}

/// The files that a device is judged by.
struct DumpFiles {
    var config: String
    var tracepoints: String?
    var symbols: String?

    func preflight() throws(DumpFileError) -> OfflinePreflight {
        let (configBytes, tracepointBytes, symbolBytes) = (
            try Self.bytes(config, .config), try bytes(.tracepoints), try bytes(.symbols))
        do throws(DumpError) {
            return try OfflinePreflight(config: configBytes, tracepoints: tracepointBytes, symbols: symbolBytes)
        } catch {
            throw .unusable(path(of: error.dump) ?? "", error)
        }
    }

    private func path(of dump: Dump) -> String? {
        switch dump {
        case .config: config
        case .tracepoints: tracepoints
        case .symbols: symbols
        }
    }

    private func bytes(_ dump: Dump) throws(DumpFileError) -> [UInt8]? {
        guard let path = path(of: dump) else { return nil }
        return try Self.bytes(path, dump)
    }

    /// One byte more than such a file may have, so that a longer one shows; a pipe will do as well as a file.
    private static func bytes(_ path: String, _ dump: Dump) throws(DumpFileError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            defer { try? file.close() }
            return try file.bytes(limit: dump.byteCap + 1)
        } catch {
            throw .unreadable(path, error as? Errno ?? .ioError)
        }
    }
}

extension FileDescriptor {
    fileprivate func bytes(limit: Int) throws -> [UInt8] {
        var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 256 << 10))
        while bytes.count < limit {
            let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { break }
            bytes += piece[..<min(count, limit - bytes.count)]
        }
        return bytes
    }
}
