import TerminalControl

/// Whoever sits at the terminal: keys go into a session, and screens come out as long as they look.
struct TopUser {
    /// Between two frames; the numbers change four times a second.
    private static let frameInterval = Duration.milliseconds(200)
    /// A key of several bytes comes at once, even over a slow line. An escape after which nothing comes was that key.
    private static let keyPatience = Duration.milliseconds(50)

    private let session: TopSession
    private let interrupts: Interrupts

    init(_ session: TopSession, _ interrupts: Interrupts) {
        self.session = session
        self.interrupts = interrupts
    }

    /// Takes the terminal and shows the session while `body` runs. The user's wish to leave is what a signal would be.
    ///
    /// - Throws: `TerminalError`, and what `body` throws.
    func whilePresent<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try Terminal.enter()
        defer { Terminal.leave() }
        let frames = Task { await showFrames() }
        let keys = Task { await takeKeys() }
        defer {
            frames.cancel()
            keys.cancel()
        }
        return try await body()
    }

    private func showFrames() async {
        while !Task.isCancelled {
            await session.draw()
            try? await Task.sleep(for: Self.frameInterval)
        }
    }

    private func takeKeys() async {
        for await bytes in Terminal.input {
            await act(on: await session.press(bytes))
            if await session.awaitsKeys { await takeRest() }
        }
        if !Task.isCancelled { await interrupts.interrupt() }
    }

    /// What comes meanwhile goes on with the key that has begun.
    private func takeRest() async {
        let taken = await session.keysTaken
        Task {
            try? await Task.sleep(for: Self.keyPatience)
            await act(on: await session.pressRest(ifStill: taken))
        }
    }

    private func act(on wish: TopSession.Wish) async {
        switch wish {
        case .leave:
            await interrupts.interrupt()
            await session.draw()
        case .look: await session.draw()
        case .suspend: Terminal.suspend()
        case .nothing: break
        }
    }
}
