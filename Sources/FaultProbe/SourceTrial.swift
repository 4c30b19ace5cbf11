public import FaultModel

extension FaultSource {
    /// Loads and attaches for real, and detaches at once: the only answer that holds on a kernel nobody knows.
    public func trial() -> SourceVerdict {
        do throws(ProbeError) {
            let recorder = try FaultRecorder(ProbeRequest(source: self, bufferSize: 4096)) { _ in true }
            return SourceVerdict(
                self, usable: true, reason: "attached through \(recorder.way)", columns: recorder.columns,
                missing: recorder.missing)
        } catch {
            return SourceVerdict(self, usable: false, reason: error.text)
        }
    }
}
