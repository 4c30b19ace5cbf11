import ArgumentParser

/// Traits with commas between them, as one argument: `failed,minor`.
struct TraitList<Trait: ExpressibleByArgument & Equatable & Sendable>: Sendable {
    var traits: [Trait]
}

extension TraitList: ExpressibleByArgument {
    init?(argument: String) {
        traits = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let trait = Trait(argument: String(part)) else { return nil }
            traits.append(trait)
        }
    }

    static var allValueStrings: [String] { Trait.allValueStrings }
}

extension Array {
    /// Whether any of the arguments names the trait.
    func name<Trait>(_ trait: Trait) -> Bool where Element == TraitList<Trait> {
        contains { $0.traits.contains(trait) }
    }
}
