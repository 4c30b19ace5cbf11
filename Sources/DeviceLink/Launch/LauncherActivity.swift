/// What `cmd package resolve-activity --brief PACKAGE` finds: the activity that a launcher starts.
enum LauncherActivity: Equatable, Sendable {
    case found(Component)
    /// The package has none.
    case none
    /// Several, among which Android lets its user choose.
    case several

    /// - Parameter answer: a line of priorities, and the component in the next; or `No activity found`.
    init(_ answer: String, of package: String) {
        let words = answer.split(whereSeparator: \.isNewline).map(\.trimmed)
        guard let component = words.lazy.compactMap({ Component($0) }).first else {
            self = .none
            return
        }
        self = component.package == package ? .found(component) : .several
    }
}
