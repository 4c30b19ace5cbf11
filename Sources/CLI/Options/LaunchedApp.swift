import ArgumentParser
import DeviceLink

/// `PACKAGE` or `PACKAGE/ACTIVITY`.
struct LaunchedApp: Equatable, Sendable {
    var package: String
    /// nil: the one that a launcher starts.
    var activity: String?
}

extension LaunchedApp: ExpressibleByArgument {
    init?(argument: String) {
        if let component = Component(argument) {
            self.init(package: component.package, activity: component.activity)
        } else if Component.isName(argument) {
            self.init(package: argument)
        } else {
            return nil
        }
    }
}
