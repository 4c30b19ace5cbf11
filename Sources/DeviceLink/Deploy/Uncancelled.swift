import Synchronization

/// Runs `body` to its end whether or not the current task is cancelled: what it has begun on a device it shall clean up. The
/// part of it that may be cancelled it hands to the `Cancellation`.
func uncancelled<Result: Sendable>(
    _ body: @escaping @Sendable (Cancellation) async throws -> Result
) async throws -> Result {
    let cancellation = Cancellation()
    let task = Task { try await body(cancellation) }
    return try await withTaskCancellationHandler {
        try await task.value
    } onCancel: {
        cancellation.cancel()
    }
}

/// A cancellation that reaches only what is handed to it.
final class Cancellation: Sendable {
    private let state = Mutex((isCancelled: false, cancel: (@Sendable () -> Void)?.none))

    fileprivate func cancel() {
        state.withLock { state in
            state.isCancelled = true
            return state.cancel
        }?()
    }

    /// Runs `body` so that a cancellation reaches it, also one that has come before.
    func reaching<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task { try await body() }
        let isLate = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.isCancelled
        }
        if isLate { task.cancel() }
        return try await task.value
    }
}
