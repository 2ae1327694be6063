// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
import Synchronization

/// A line on the terminal that says what takes so long.
///
/// It appears only where stderr is a terminal and the work takes longer than the delay, shows the time passed, and is cleared at the end.
/// All methods may be called from any thread. Where nothing is to be shown, no thread is started and nothing is written.
package final class Progress: Sendable {
    private struct State {
        var label: String
        var completed: Int?
        var total: Int?
        var isShown = false
        var isFinished = false
    }

    private let state: Mutex<State>
    private let descriptor: Int32
    private let delay: Duration
    private let start = ContinuousClock.now
    private let isActive: Bool

    /// A line that begins with `label`. It is shown on `descriptor` when `isInteractive` is true (by default, when it is a terminal).
    package init(
        _ label: String, total: Int? = nil, delay: Duration = .milliseconds(400), descriptor: Int32 = 2,
        isInteractive: Bool? = nil
    ) {
        state = Mutex(State(label: label, total: total))
        self.descriptor = descriptor
        self.delay = delay
        isActive = isInteractive ?? Terminal.isInteractive(descriptor)
        guard isActive else { return }
        startDrawing()
    }

    /// Says what is being done now, and how much of it is done.
    package func update(_ label: String? = nil, completed: Int? = nil, total: Int? = nil) {
        guard isActive else { return }
        state.withLock { state in
            if let label { state.label = label }
            if let completed { state.completed = completed }
            if let total { state.total = total }
        }
    }

    /// Clears the line; nothing is written afterwards.
    package func finish() {
        guard isActive else { return }
        state.withLock { state in
            if state.isShown, !state.isFinished { Terminal.write("\r\u{1B}[K", to: descriptor) }
            state.isFinished = true
        }
    }

    private func startDrawing() {
        // Without a thread there is no line, which is no error.
        try? SystemThread.start("dovetail-line") { [self] in draw() }
    }

    /// Draws until finished; runs on a thread of its own.
    private func draw() {
        var frame = 0
        while true {
            SystemThread.sleep(nanoseconds: 80_000_000)
            let passed = ContinuousClock.now - start
            let isFinished = state.withLock { state in
                guard !state.isFinished, passed >= delay else { return state.isFinished }
                state.isShown = true
                Terminal.write("\r" + line(state, frame, passed) + "\u{1B}[K", to: descriptor)
                return false
            }
            if isFinished { return }
            frame &+= 1
        }
    }

    private func line(_ state: State, _ frame: Int, _ passed: Duration) -> String {
        let frames = ["|", "/", "-", "\\"]
        var text = "\(frames[frame % frames.count]) \(state.label)"
        if let completed = state.completed {
            text += " \(completed)" + (state.total.map { "/\($0)" } ?? "")
        }
        text += " (\(passed.components.seconds) s)"
        // A line that wraps could not be cleared.
        return String(text.prefix((Terminal.columns(of: descriptor) ?? 80) - 1))
    }
}

/// Runs `body` while a progress line says `label`.
package func withProgress<Result>(_ label: String, _ body: (Progress) throws -> Result) rethrows -> Result {
    let progress = Progress(label)
    defer { progress.finish() }
    return try body(progress)
}
