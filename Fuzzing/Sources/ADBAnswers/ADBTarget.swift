import FuzzSupport

/// What adb, a device's shell and `am` may print, read as every answer that it can be.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: FuzzInput.bytes(start, count), as: UTF8.self)
    readDevices(text)
    readShell(text)
    readLaunch(text)
    return 0
}

private func readDevices(_ text: String) {
    let devices = ListedDevice.all(in: text)
    for device in devices { require(!device.serial.isEmpty && !device.state.word.isEmpty, "a device has a serial and a state: \(device)") }
    do throws(DeviceError) {
        _ = try DeviceChoice.choose(devices.last?.serial, among: devices)
        _ = try DeviceChoice.choose(nil, among: devices)
    } catch {
        require(!error.description.isEmpty, "an error says what is wrong")
    }
}

private func readShell(_ text: String) {
    let finding = RootSearch.finding(text)
    if let profile = DeviceProfile(answer: text) {
        var survey = DeviceSurvey(device: ListedDevice(serial: "X", state: .device), profile: profile)
        survey.judge(finding, profile)
        require(survey.root != nil || survey.problem != nil, "there is root or a reason: \(survey)")
    }
    _ = RootSearch.refusal(ShellResult(status: 0, output: text, errors: text))
    _ = ShellResult(status: 1, output: text).reason
    _ = Endpoint(text)
}

private func readLaunch(_ text: String) {
    _ = LauncherActivity(text, of: "com.example.app")
    guard let launched = try? LaunchedActivity(text) else { return }
    for (bootNs, wallClockNs) in [(UInt64.max, UInt64(0)), (1, 1), (1_000_000_000_000, 1_700_000_000_000_000_000)] {
        _ = launched.startNs(bootNs: bootNs, wallClockNs: wallClockNs)
    }
}
