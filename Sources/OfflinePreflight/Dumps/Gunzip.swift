import CZlib

/// Unpacks gzip archives by zlib.
enum Gunzip {
    /// What each archive begins with (RFC 1952).
    static let magic: [UInt8] = [0x1f, 0x8b]

    enum Failure: Error {
        case tooLong
        /// Cut off, or no gzip, or its checksum does not agree.
        case damaged
    }

    /// - Parameter limit: how long the content may be: a small archive can hold gigabytes.
    static func unpacked(_ archive: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let gzipOnly = MAX_WBITS + 16
        guard inflateInit2_(&stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .damaged
        }
        defer { inflateEnd(&stream) }
        var input = archive
        var content: [UInt8] = []
        let result = input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            return inflate(&stream, into: &content, limit: limit)
        }
        if content.count > limit { throw .tooLong }
        guard result == Z_STREAM_END else { throw .damaged }
        return content
    }

    /// Appends piece by piece, until the archive ends or more than `limit` bytes came.
    private static func inflate(_ stream: inout z_stream, into content: inout [UInt8], limit: Int) -> Int32 {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        var result = Z_OK
        while result == Z_OK, content.count <= limit {
            let length = piece.withUnsafeMutableBufferPointer { piece in
                stream.next_out = piece.baseAddress
                stream.avail_out = UInt32(piece.count)
                result = CZlib.inflate(&stream, Z_NO_FLUSH)
                return piece.count - Int(stream.avail_out)
            }
            content += piece[..<length]
        }
        return result
    }
}
