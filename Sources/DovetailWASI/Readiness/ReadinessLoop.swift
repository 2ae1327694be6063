// SPDX-License-Identifier: Apache-2.0
internal import CDovetailSystem
import Foundation
internal import Synchronization

/// Waits for the sources of many suspended guests on one thread, which sleeps in `poll` while there is nothing to do.
final class ReadinessLoop: Sendable {
    /// The loop of the process, started by the first wait.
    static let shared = Result { () throws(WASIError) in try ReadinessLoop() }

    private struct Wait {
        let sources: [Readiness]
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waits: [UInt64: Wait] = [:]
        var next: UInt64 = 0
        var isRunning = false
    }

    private let state = Mutex(State())
    private let wake: WakeDescriptor

    private init() throws(WASIError) {
        do { wake = try WakeDescriptor() } catch { throw error as? WASIError ?? .interrupted() }
    }

    /// Returns when one of the sources is ready.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before, ``WASIError`` when the system cannot wait.
    func wait(for sources: [Readiness]) async throws {
        let number = state.withLock { state in
            state.next &+= 1
            return state.next
        }
        var observed: [(ReadinessSignal, UInt64)] = []
        let wake = wake
        for case .signal(let signal) in sources { observed.append((signal, signal.observe { wake.raise() })) }
        defer { for (signal, token) in observed { signal.stopObserving(token) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(Wait(sources: sources, continuation: continuation), number)
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func add(_ wait: Wait, _ number: UInt64) {
        let starts = state.withLock { state in
            state.waits[number] = wait
            defer { state.isRunning = true }
            return !state.isRunning
        }
        // A cancellation that came before has found nothing to cancel.
        if Task.isCancelled { cancel(number) }
        wake.raise()
        if starts {
            let thread = Thread { [self] in run() }
            thread.name = "dovetail-readiness"
            thread.start()
        }
    }

    private func cancel(_ number: UInt64) {
        let wait = state.withLock { $0.waits.removeValue(forKey: number) }
        wait?.continuation.resume(throwing: CancellationError())
    }

    private func run() {
        while true {
            let waits = state.withLock { $0.waits.map { ($0.key, $0.value) } }
            let sources = waits.flatMap(\.1.sources)
            var earliest: UInt64?
            for case .time(let instant) in sources { earliest = min(earliest ?? instant, instant) }
            let ready: Set<Int>
            do {
                ready = Set(try PollWaiter.poll(sources, until: earliest, wake: wake))
            } catch {
                finish(waits.map(\.0), .failure(error))
                continue
            }
            var done: [UInt64] = []
            var start = 0
            for (number, wait) in waits {
                let range = start..<(start + wait.sources.count)
                if ready.contains(where: range.contains) { done.append(number) }
                start = range.upperBound
            }
            finish(done, .success(()))
        }
    }

    private func finish(_ numbers: [UInt64], _ result: Result<Void, any Error>) {
        let waits = state.withLock { state in numbers.compactMap { state.waits.removeValue(forKey: $0) } }
        for wait in waits { wait.continuation.resume(with: result) }
    }
}
