public import FaultModel

extension FaultSource {
    /// Loads and attaches for real, and detaches at once: the only answer that holds on a kernel nobody knows.
    public func trial() -> SourceVerdict {
        do throws(ProbeError) {
            let request = ProbeRequest(source: self, bufferSize: 4096)
            let recorder = try FaultRecorder.start(request) { _ in true }
            return SourceVerdict(self, usable: true, reason: "attached through \(recorder.way)")
        } catch {
            return SourceVerdict(self, usable: false, reason: error.text)
        }
    }
}
