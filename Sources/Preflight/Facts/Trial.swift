/// How an attempt on the kernel ended.
enum Trial: Equatable, Sendable {
    case worked
    case refused(Errno)
    /// What it stands on was missing.
    case untried

    init(_ attempt: () throws(Errno) -> Void) {
        do {
            try attempt()
            self = .worked
        } catch {
            self = .refused(error)
        }
    }

    var errno: Errno? {
        switch self {
        case .refused(let errno): errno
        case .worked, .untried: nil
        }
    }

    var text: String {
        switch self {
        case .worked: "works"
        case .refused(let errno): errno.text
        case .untried: "not tried"
        }
    }
}

extension Sequence<Trial> {
    /// The first that did not work, or that all of them did.
    var combined: Trial { first { $0 != .worked } ?? .worked }
}
