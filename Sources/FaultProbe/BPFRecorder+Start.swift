import CFaultRecord
import CLibbpf
import CLinux
import FaultModel

extension BPFRecorder {
    /// Tries the ways to a source, best first.
    ///
    /// - Throws: what kept the last way that was tried from working.
    static func start(
        _ request: ProbeRequest, handler: @escaping RecordHandler
    ) throws(ProbeError) -> BPFRecorder {
        if linux_in_pid_namespace() != 0 { throw ProbeError(.choose, request.source.name, detail: namespaceReason) }
        var failure = ProbeError(.choose, request.source.name, detail: "no transport serves it")
        for plan in AttachPlan.plans(for: request.source) {
            for transport in [Transport.ringbuf, .perfbuf] where request.transport ?? transport == transport {
                do throws(BPFFailure) {
                    return try start(plan, transport, request, handler)
                } catch {
                    failure = error.error
                    // Another transport changes nothing about what cannot be attached.
                    if error.stage != .load { break }
                }
            }
        }
        throw failure
    }

    /// /proc would name other processes than those that fault, and no filter by process would pass anything.
    private static let namespaceReason =
        "this is another PID namespace than the kernel's own, whose process ids BPF programs see; run the agent outside of the container"

    /// Leaves out what cannot be had, as long as the plan is worth something without it.
    private static func start(
        _ plan: AttachPlan, _ transport: Transport, _ request: ProbeRequest, _ handler: @escaping RecordHandler
    ) throws(BPFFailure) -> BPFRecorder {
        var endMissing = request.endLeftOut
        var failure: BPFFailure?
        for extent in BPFExtent.allCases {
            if extent == .base ? plan.needsEnd : !request.wantsOutcome && !plan.needsEnd { continue }
            do throws(BPFFailure) {
                return try fitted(plan, transport, extent, request, extent == .base ? endMissing : nil, handler)
            } catch {
                if !error.stage.isOptional(in: extent) { throw error }
                failure = failure ?? error
                endMissing = endMissing ?? error.error.text
            }
        }
        throw failure ?? BPFFailure(.load, ProbeError(.choose, request.source.name))
    }

    /// Where memory is charged to a small limit (RLIMIT_MEMLOCK, before 5.11), halves the buffers until they should fit, and makes them as
    /// small as can be when they did not: each try takes long.
    private static func fitted(
        _ plan: AttachPlan, _ transport: Transport, _ extent: BPFExtent, _ request: ProbeRequest, _ endMissing: String?,
        _ handler: @escaping RecordHandler
    ) throws(BPFFailure) -> BPFRecorder {
        let memlock = linux_raise_memlock()
        var capacities = Capacities(bufferSize: request.bufferSize, stacks: request.stacks.isEmpty ? 0 : StackMaps.capacity)
        if let room = chargedRoom(memlock) {
            while capacities.canShrink, capacities.bytes > room { capacities.halve() }
        }
        while true {
            let setup = BPFSetup(plan, transport, extent, request.kernelTally, capacities)
            do throws(BPFFailure) {
                return try BPFRecorder(setup, request, endMissing: endMissing, handler)
            } catch {
                guard error.stage == .load, error.error.isWantOfRoom, capacities.canShrink, chargesMaps(memlock) else { throw error }
                while capacities.canShrink { capacities.halve() }
                waitForRoom(memlock)
            }
        }
    }
}

extension BPFSetup {
    /// The buffer's bytes go to whichever takes the faults: the records' buffer, or the counts.
    fileprivate init(
        _ plan: AttachPlan, _ transport: Transport, _ extent: BPFExtent, _ tally: TallyKey?, _ capacities: Capacities
    ) {
        self.init(
            plan: plan, extent: extent,
            geometry: BufferGeometry(transport, requested: tally == nil ? capacities.bufferSize : 0),
            pendingCapacity: capacities.pending, followedCapacity: capacities.followed,
            stackCapacity: capacities.stacks, tally: tally, tallyCapacity: tally == nil ? 1 : TallyMap.rows(in: capacities.bufferSize))
    }
}

/// How much the maps are made for.
private struct Capacities {
    var bufferSize: UInt64
    var pending = BPFSetup.pendingFaults
    var followed = KernelFilter.followedProcesses
    /// In the first map of each of their sets; a power of two, and zero where none is wanted.
    var stacks: UInt32

    /// What they take, about, with the kernel's own for each entry.
    var bytes: UInt64 { bufferSize + UInt64(pending) * 256 + UInt64(followed) * 96 + UInt64(stacks) * UInt64(2 * FAULT_STACK_SETS) * 1100 }
    var canShrink: Bool { pending > 16 }

    mutating func halve() {
        bufferSize /= 2
        pending /= 2
        followed /= 2
        stacks = stacks > 16 ? stacks / 2 : stacks
    }
}

/// Whether the kernel counts maps against the limit, as it did before 5.11: whether it refuses one that alone is larger.
private func chargesMaps(_ limit: UInt64) -> Bool {
    limit < 64 << 20 && KernelVersion(5, 11).isAfterRunning && mayMakeMaps() && !hasRoom(UInt32(limit) + 4096)
}

/// Whether this process has the right to make maps at all, which the kernel asks first: whether it merely finds fault with values
/// of no size.
private func mayMakeMaps() -> Bool { bpf_map_create(BPF_MAP_TYPE_ARRAY, nil, 4, 0, 1, nil) == -EINVAL }

/// About how much of the limit is free, by halves; nil where nothing is counted.
private func chargedRoom(_ limit: UInt64) -> UInt64? {
    guard chargesMaps(limit) else { return nil }
    waitForRoom(limit)
    var size = UInt32(limit)
    while size > 4096, !hasRoom(size) { size /= 2 }
    return UInt64(size)
}

/// What was closed a moment ago, a set-up that did not fit too, is given back only after a grace period of the kernel's.
private func waitForRoom(_ limit: UInt64) {
    for _ in 0..<50 {
        if hasRoom(UInt32(limit) / 8 * 7) { return }
        linux_sleep_ms(10)
    }
}

private func hasRoom(_ size: UInt32) -> Bool {
    let map = bpf_map_create(BPF_MAP_TYPE_ARRAY, nil, 4, size, 1, nil)
    guard map >= 0 else { return false }
    linux_close(map)
    // A worker of the kernel's gives it back.
    linux_sleep_ms(10)
    return true
}

extension ProbeError {
    /// A program that grows in the verifier beyond the limit fails with ENOMEM: bpf_prog_realloc() of 5.10's kernel/bpf/core.c.
    fileprivate var isWantOfRoom: Bool { errno == EPERM || errno == ENOMEM }
}

extension BPFRecorder {
    /// What this trace does not tell, and why.
    var missing: [MissingColumn] {
        var missing: [MissingColumn] = []
        if plan.base == .pageFaults {
            if plan.access == nil { missing.append(MissingColumn(.access, reason: Self.accessReason)) }
            for column in [Column.present, .errorCode] { missing.append(MissingColumn(column, reason: Self.codeReason)) }
        }
        if let endMissing {
            for column in [Column.outcome, .latency, .cause] { missing.append(MissingColumn(column, reason: endMissing)) }
        }
        return missing
    }

    private static let accessReason = "the software event does not tell it; tracepoint, fentry and kprobe do, where they work"
    private static let codeReason = "only the processor's error code tells it, which tracepoint (x86) and fentry (arm64) hand on"
}
