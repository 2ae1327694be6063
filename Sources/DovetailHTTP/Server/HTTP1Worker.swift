// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// The task that handles the exchanges of a connection, one after the other: resuming it costs less than making another one.
///
/// It belongs to no other task, and ends with ``end(cancelling:)``.
final class HTTP1Worker: @unchecked Sendable {
    // @unchecked because it belongs to the thread of its connection's loop.

    private var next: HTTP1Exchange?
    private var sleeper: UnsafeContinuation<Void, Never>?
    private var task: Task<Void, Never>?
    private(set) var isBusy = false
    private var isOver = false

    init(_ loop: ServerLoop) {
        let handler = loop.handler
        task = Task.detached(executorPreference: loop.eventLoop) { [self] in
            while let exchange = await nextExchange() {
                isBusy = true
                await handler.handle(exchange)
                isBusy = false
                exchange.handlerReturned()
            }
        }
    }

    private nonisolated(nonsending) func nextExchange() async -> HTTP1Exchange? {
        while true {
            if let exchange = next {
                next = nil
                return exchange
            }
            if isOver { return nil }
            await withUnsafeContinuation { sleeper = $0 }
        }
    }

    /// Handles an exchange as soon as it is not busy.
    func take(_ exchange: HTTP1Exchange) {
        next = exchange
        wake()
    }

    /// Gives back an exchange that it did not come to, since it waits for something, and ends after what it does.
    func giveUp() -> HTTP1Exchange? {
        guard isBusy, let exchange = next else { return nil }
        next = nil
        isOver = true
        return exchange
    }

    /// Ends when it has nothing to do, or is told to give up what it does.
    func end(cancelling: Bool) {
        isOver = true
        next = nil
        if cancelling { task?.cancel() }
        wake()
    }

    private func wake() {
        guard let sleeper else { return }
        self.sleeper = nil
        sleeper.resume()
    }
}
