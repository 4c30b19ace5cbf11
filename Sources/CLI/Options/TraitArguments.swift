public import ArgumentParser
public import FaultModel

extension FaultMode: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument, in: Self.allCases, name: \.name) }
    public static var allValueStrings: [String] { allCases.map(\.name) }
    public var defaultValueDescription: String { name }
}

extension FaultAccess: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument, in: Self.allCases, name: \.name) }
    public static var allValueStrings: [String] { allCases.map(\.name) }
    public var defaultValueDescription: String { name }
}

extension FaultOutcome: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument, in: Self.allCases, name: \.name) }
    public static var allValueStrings: [String] { allCases.map(\.name) }
    public var defaultValueDescription: String { name }
}

/// `yes` or `no`.
enum Answer: String, CaseIterable, ExpressibleByArgument, Sendable {
    case yes, no
}

extension RawRepresentable {
    /// The case that goes by this name.
    fileprivate init?(_ text: String, in cases: [Self], name: (Self) -> String) {
        guard let match = cases.first(where: { name($0) == text }) else { return nil }
        self = match
    }
}
