/// Which device is meant.
public enum DeviceChoice {
    /// The device that is named, or the only one.
    ///
    /// - Throws: `DeviceError`, which names the choices.
    public static func choose(_ serial: String?, among devices: [ListedDevice]) throws(DeviceError) -> ListedDevice {
        let device = if let serial { try named(serial, devices) } else { try only(devices) }
        guard device.state.isUsable else { throw .unusable(device) }
        return device
    }

    private static func named(_ serial: String, _ devices: [ListedDevice]) throws(DeviceError) -> ListedDevice {
        guard let device = devices.first(where: { $0.serial == serial }) else {
            throw .notAttached(serial, attached: devices)
        }
        return device
    }

    /// One that can be used goes before those that cannot.
    private static func only(_ devices: [ListedDevice]) throws(DeviceError) -> ListedDevice {
        let usable = devices.filter(\.state.isUsable)
        let candidates = usable.isEmpty ? devices : usable
        guard let first = candidates.first else { throw .noDevices }
        guard candidates.count == 1 else { throw .severalDevices(devices) }
        return first
    }
}
