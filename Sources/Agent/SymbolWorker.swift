import CConfinement
import CSymbols
import FaultModel
import WireProtocol

/// `faultline-agent symbolise`: reads questions on standard input, which is a socket, and answers them there, until the other side
/// goes away. What ends it while it reads a file begins it anew, with the reason, the process, the file and its identity as its arguments.
enum SymbolWorker {
    /// Places in one question at the most: as many names as long as they may be fit into one frame.
    private static let placeLimit = 256
    /// Bytes of a path, as the kernel limits it.
    private static let pathLimit = 4096

    /// - Returns: the exit status.
    static func run(_ arguments: [String]) -> Int32 {
        symbol_confine()
        // Who begins anew is confined already. A kernel that filters no system calls is told of by the trace.
        if arguments.isEmpty { _ = confine_reader() }
        if let answer = refusal(arguments), !write(answer) { return 0 }
        while let question = next() {
            guard write(answer(question)) else { break }
        }
        return 0
    }

    /// What a program that was begun anew has to answer first.
    private static func refusal(_ arguments: [String]) -> Symbols? {
        guard arguments.count == 5 else { return nil }
        let identity = FileIdentity(device: UInt64(arguments[3]) ?? 0, inode: UInt64(arguments[4]) ?? 0)
        return Symbols(pid: UInt32(arguments[1]) ?? 0, file: arguments[2], identity: identity, problem: arguments[0])
    }

    // MARK: An answer

    private static func answer(_ question: Symbolise) -> Symbols {
        var answer = Symbols(pid: question.pid, file: question.file, identity: question.identity)
        let path = question.file.utf8
        if question.offsets.count > placeLimit {
            answer.problem = "too many places are asked for at once"
        } else if path.isEmpty || path.count >= pathLimit || path.contains(0) {
            answer.problem = "it is no path"
        } else {
            question.file.withCString { name in
                let file = mapped_file(pid: question.pid, name: name, device: question.identity.device, inode: question.identity.inode)
                symbol_begin(file)
                find(question.offsets, in: file, &answer)
            }
            symbol_end()
        }
        return answer
    }

    /// Where only some of the places have names, as in an archive with several libraries, that is no problem.
    private static func find(_ offsets: [UInt64], in mapped: mapped_file, _ answer: inout Symbols) {
        var file: OpaquePointer?
        var problem: String?
        var hasNames = false
        for offset in offsets {
            if file == nil || !symbol_file_contains(file, offset) { file = symbol_file_at(mapped, offset) }
            let range = symbol_file_find(file, offset)
            answer.list.append(Symbols.Symbol(start: range.start, end: range.end, name: name(range)))
            if answer.buildID.isEmpty { answer.buildID = String(cString: symbol_file_build_id(file)) }
            let trouble = String(cString: symbol_file_problem(file))
            if trouble.isEmpty { hasNames = true } else if problem == nil { problem = trouble }
        }
        guard let problem, !hasNames else { return }
        answer.problem = problem
        answer.list.removeAll()
    }

    private static func name(_ range: symbol_range) -> String {
        let bytes = UnsafeRawBufferPointer(start: range.name, count: range.length)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: The socket

    /// Reads one frame and not a byte more: what is behind it belongs to whatever begins anew.
    private static func next() -> Symbolise? {
        guard let header = read(Frame.headerSize) else { return nil }
        do throws(WireError) {
            var reader = ByteReader(header.span.bytes)
            let length = try reader.u32()
            let type = try reader.u16()
            guard length <= UInt32(Frame.maximumPayload), let payload = read(Int(length)),
                case .symbolise(let question)? = try HostMessage(RawFrame(type: type, payload: payload))
            else { return nil }
            return question
        } catch {
            return nil
        }
    }

    private static func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return bytes.withUnsafeMutableBytes { symbol_read($0.baseAddress, $0.count) } ? bytes : nil
    }

    private static func write(_ answer: Symbols) -> Bool {
        AgentMessage.symbols(answer).encoded().withUnsafeBytes { symbol_write($0.baseAddress, $0.count) }
    }
}
