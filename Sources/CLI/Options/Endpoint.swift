public import ArgumentParser
public import DeviceLink

extension Endpoint: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
