// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// The task that does what is left of the exchanges of a connection, one after the other: resuming it costs less than making another one.
///
/// It belongs to no other task, and ends with ``end(cancelling:)``.
final class HTTP1Worker: @unchecked Sendable {
    // @unchecked because it belongs to the thread of its connection's loop.

    /// An exchange, and what is left to do for it.
    struct Work {
        let exchange: HTTP1Exchange
        let rest: ExchangeTask
    }

    private var next: Work?
    private var sleeper: UnsafeContinuation<Void, Never>?
    private var task: Task<Void, Never>?
    private(set) var isBusy = false
    private var isOver = false

    init(_ loop: ServerLoop) {
        task = Task.detached(executorPreference: loop.eventLoop) { [self] in
            while let work = await nextWork() {
                isBusy = true
                await work.rest()
                isBusy = false
                work.exchange.handlerReturned()
            }
        }
    }

    private nonisolated(nonsending) func nextWork() async -> Work? {
        while true {
            if let work = next {
                next = nil
                return work
            }
            if isOver { return nil }
            await withUnsafeContinuation { sleeper = $0 }
        }
    }

    /// Does what is left of an exchange as soon as it is not busy.
    func take(_ work: Work) {
        next = work
        wake()
    }

    /// Gives back what it did not come to, since it waits for something, and ends after what it does.
    func giveUp() -> Work? {
        guard isBusy, let work = next else { return nil }
        next = nil
        isOver = true
        return work
    }

    /// Ends when it has nothing to do, or is told to give up what it does.
    func end(cancelling: Bool) {
        isOver = true
        if cancelling { task?.cancel() }
        wake()
    }

    private func wake() {
        guard let sleeper else { return }
        self.sleeper = nil
        sleeper.resume()
    }
}
