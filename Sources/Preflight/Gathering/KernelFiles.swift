import CLinux

/// Reads the small files of /proc and /sys.
enum KernelFiles {
    /// At most `limit` bytes from the start.
    static func bytes(_ path: String, limit: Int) -> Reading<[UInt8]> {
        reading(limit: limit) { buffer in Int64(linux_read_file(path, buffer.baseAddress, buffer.count)) }
    }

    /// A file packed by gzip, or a plain one.
    static func unpackedBytes(_ path: String, limit: Int) -> Reading<[UInt8]> {
        reading(limit: limit) { buffer in preflight_read_gzip(path, buffer.baseAddress, buffer.count) }
    }

    /// The first page of text, without the white space and zero bytes at its end.
    static func text(_ path: String) -> Reading<String> {
        bytes(path, limit: 4096).map { trimmed($0[...]) }
    }

    static func number(_ path: String) -> Reading<UInt64> {
        text(path).flatMap { text in
            UInt64(text).map { .success($0) } ?? .failure(.malformed)
        }
    }

    static func reach(_ path: String) -> Trial {
        Trial { () throws(Errno) in try require(preflight_exists(path)) }
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var text = bytes
        while let last = text.last, last <= UInt8(ascii: " ") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    /// Fills a buffer by a call that returns the length or a negative error number.
    static func reading(
        limit: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int64
    ) -> Reading<[UInt8]> {
        var result: Int64 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            result = fill(UnsafeMutableBufferPointer(start: buffer.baseAddress, count: limit))
            count = Int(max(0, result))
        }
        return result < 0 ? .failure(Errno(code: Int32(-result))) : .success(bytes)
    }
}
