import Testing

@testable import DeviceLink

/// `adb devices -l` as different versions of adb print it.
struct ListedDeviceTests {
    @Test func `one device with all its properties`() {
        let text = """
            List of devices attached
            FA6AX0301234           device usb:1-2 product:redfin model:Pixel_5 device:redfin transport_id:3


            """
        #expect(ListedDevice.all(in: text) == [ListedDevice(serial: "FA6AX0301234", state: .device, model: "Pixel_5")])
    }

    @Test func `Windows' line ends make no difference`() {
        let text = "List of devices attached\r\nemulator-5554          device product:sdk model:sdk_gphone64 transport_id:1\r\n\r\n"
        #expect(ListedDevice.all(in: text) == [ListedDevice(serial: "emulator-5554", state: .device, model: "sdk_gphone64")])
    }

    @Test func `what adb says of its server is no device`() {
        let text = """
            * daemon not running; starting now at tcp:5037
            * daemon started successfully
            List of devices attached
            * something new *
            192.168.1.5:5555       offline transport_id:4

            """
        #expect(ListedDevice.all(in: text) == [ListedDevice(serial: "192.168.1.5:5555", state: .offline)])
    }

    @Test(arguments: [
        ("0123456789ABCDEF       unauthorized usb:1-1 transport_id:3", .unauthorized),
        ("0123456789ABCDEF\tunauthorized", .unauthorized),
        ("0123456789ABCDEF       authorizing usb:1-1 transport_id:3", .authorizing),
        ("0123456789ABCDEF       recovery usb:1-1 product:x model:y device:z transport_id:3", .recovery),
        ("0123456789ABCDEF       sideload usb:1-1 transport_id:3", .sideload),
        ("0123456789ABCDEF       rescue usb:1-1 transport_id:3", .rescue),
        ("0123456789ABCDEF       bootloader usb:1-1 transport_id:3", .bootloader),
        ("0123456789ABCDEF       connecting transport_id:3", .connecting),
        ("0123456789ABCDEF       host transport_id:3", .host),
        (
            "0123456789ABCDEF       no permissions (user in plugdev group; are your udev rules wrong?); see "
                + "[http://developer.android.com/tools/device.html] usb:3-2 transport_id:2", .noPermissions
        ),
        ("????????????           no permissions usb:3-2 transport_id:2", .noPermissions),
        ("0123456789ABCDEF       detached usb:3-2 transport_id:2", .other("detached")),
    ] as [(String, DeviceState)])
    func `each state is known`(line: String, state: DeviceState) throws {
        let device = try #require(ListedDevice.all(in: "List of devices attached\n\(line)\n").first)
        #expect(device.serial == String(line.prefix { $0 != " " && $0 != "\t" }))
        #expect(device.state == state)
    }

    @Test func `a serial may be longer than its column, and have spaces`() {
        let text = """
            List of devices attached
            adb-1A2B3C4D5E6F7G-aBcDeF (2)._adb-tls-connect._tcp device product:x model:Pixel_8 device:shiba transport_id:9
            adb-device-offline-0001 device transport_id:10
            """
        #expect(
            ListedDevice.all(in: text).map(\.serial) == [
                "adb-1A2B3C4D5E6F7G-aBcDeF (2)._adb-tls-connect._tcp", "adb-device-offline-0001",
            ])
    }

    @Test(arguments: ["", "List of devices attached\n\n", "error: cannot connect to daemon\n", "\n\n", "List of devices attached\nroot=su \n"])
    func `where there is none there is none`(text: String) {
        #expect(ListedDevice.all(in: text).isEmpty)
    }
}

/// Which device is meant.
struct DeviceChoiceTests {
    private let phone = ListedDevice(serial: "A", state: .device)
    private let other = ListedDevice(serial: "B", state: .device)
    private let locked = ListedDevice(serial: "C", state: .unauthorized)

    @Test func `the only one is meant, whatever cannot be used`() throws {
        #expect(try DeviceChoice.choose(nil, among: [phone]) == phone)
        #expect(try DeviceChoice.choose(nil, among: [locked, phone]) == phone)
    }

    @Test func `the one that is named is meant`() throws {
        #expect(try DeviceChoice.choose("B", among: [phone, other]) == other)
    }

    @Test func `the choices are named`() {
        #expect(throws: DeviceError.severalDevices([phone, other, locked])) {
            try DeviceChoice.choose(nil, among: [phone, other, locked])
        }
        #expect(throws: DeviceError.notAttached("X", attached: [phone])) { try DeviceChoice.choose("X", among: [phone]) }
        #expect(throws: DeviceError.noDevices) { try DeviceChoice.choose(nil, among: []) }
        #expect(DeviceError.severalDevices([phone, locked]).description.contains("A, C (unauthorized);"))
    }

    @Test func `what cannot be used is told`() {
        #expect(throws: DeviceError.unusable(locked)) { try DeviceChoice.choose(nil, among: [locked]) }
        #expect(throws: DeviceError.unusable(locked)) { try DeviceChoice.choose("C", among: [phone, locked]) }
    }
}
