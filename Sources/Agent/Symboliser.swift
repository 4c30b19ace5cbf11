import CLinux
import CSymbols
import WireProtocol

/// The agent's end of the process that reads files for the names of functions. The files are those of the traced programs and may
/// be anything; what they do to their reader does not touch the trace, which it runs beside at a low priority.
final class Symboliser {
    /// Questions under way at the most.
    private static let questionLimit = 64

    /// Its process id; zero: it could not be started.
    let pid: UInt32
    private let link: Connection?
    private var startError: Int32 = 0
    /// In the order in which the answers come.
    private var waiting: [Symbolise] = []

    init() {
        var socket: Int32 = -1
        var pid: Int32 = 0
        startError = symbol_spawn(&socket, &pid)
        self.pid = startError == 0 ? UInt32(pid) : 0
        link = startError == 0 ? Connection(socket: socket) : nil
    }

    var descriptor: Int32 { link?.socket ?? -1 }
    /// It has ended, or was never there: nothing more comes from its descriptor.
    var isGone: Bool { link?.isBroken ?? true }

    /// Passes a question on; one that cannot be is answered at once.
    func ask(_ question: Symbolise, _ controller: Connection) {
        guard let link, !isGone else { return refuse(question, why, controller) }
        guard waiting.count < Self.questionLimit else { return refuse(question, "too much is asked at once", controller) }
        waiting.append(question)
        HostMessage.symbolise(question).encoded().withUnsafeBytes { link.send($0) }
        link.flush()
    }

    /// Hands the answers that have come to the controller.
    func deliver(to controller: Connection) {
        guard let link else { return }
        while let answer = nextAnswer(link), !waiting.isEmpty {
            waiting.removeFirst()
            controller.send(.symbols(answer))
        }
        link.flush()
        guard isGone else { return }
        for question in waiting { refuse(question, why, controller) }
        waiting.removeAll()
    }

    private func nextAnswer(_ link: Connection) -> Symbols? {
        do throws(WireError) {
            guard let frame = try link.nextFrame(), case .symbols(let answer)? = try AgentMessage(frame) else { return nil }
            return answer
        } catch {
            return nil
        }
    }

    private var why: String {
        startError == 0 ? "what reads files has ended" : "what reads files cannot be started (\(String(cString: linux_error_name(-startError))))"
    }

    private func refuse(_ question: Symbolise, _ problem: String, _ controller: Connection) {
        controller.send(.symbols(Symbols(pid: question.pid, file: question.file, identity: question.identity, problem: problem)))
    }
}
