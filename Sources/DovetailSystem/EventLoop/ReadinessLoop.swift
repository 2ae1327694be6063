// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Waits for the sources of many suspended guests on one thread, which sleeps in `poll` while there is nothing to do.
///
/// Each source is registered once: a signal ends its wait on the thread that raises it, instants lie in a heap, and of the
/// descriptors only those that are ready are looked at.
package final class ReadinessLoop: Sendable {
    /// The loop of the process; its thread is started by the first wait.
    package static let shared = Result { () throws(SystemError) in try ReadinessLoop() }

    private struct Question {
        let descriptor: CInt
        let interest: Poll.Interest
    }

    private struct Wait {
        let continuation: CheckedContinuation<Void, any Error>
        let descriptors: [Question]
    }

    private enum Stage {
        /// Its signals are observed, its continuation is not there yet.
        case entering
        /// A signal or a cancellation came while it was entering.
        case ended(Result<Void, any Error>)
        case waiting(Wait)
    }

    private struct State {
        var waits: [UInt64: Stage] = [:]
        var instants = InstantHeap()
        /// The waits that ask about descriptors.
        var polling: Set<UInt64> = []
        var next: UInt64 = 0
        var isRunning = false
    }

    private let state = Mutex(State())
    private let wake: WakeDescriptor

    private init() throws(SystemError) { wake = try WakeDescriptor() }

    /// Returns when one of the sources is ready.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before, ``SystemError`` when the system cannot wait.
    package func wait(for sources: [Readiness]) async throws {
        let number = state.withLock { state in
            state.next &+= 1
            state.waits[state.next] = .entering
            return state.next
        }
        var observed: [(ReadinessSignal, UInt64)] = []
        defer { for (signal, token) in observed { signal.stopObserving(token) } }
        for case .signal(let signal) in sources {
            observed.append((signal, signal.observe { [self] in end(number, .success(())) }))
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(number, sources, continuation)
            }
        } onCancel: {
            end(number, .failure(CancellationError()))
        }
    }

    private func enter(
        _ number: UInt64, _ sources: [Readiness], _ continuation: CheckedContinuation<Void, any Error>
    ) {
        var descriptors: [Question] = []
        var instant: UInt64?
        var isReady = false
        for source in sources {
            switch source {
            case .ready: isReady = true
            case .time(let due): instant = min(instant ?? due, due)
            case .readable(let number): descriptors.append(Question(descriptor: number, interest: .readable))
            case .writable(let number): descriptors.append(Question(descriptor: number, interest: .writable))
            case .signal, .never: break
            }
        }
        let wait = Wait(continuation: continuation, descriptors: descriptors)
        let (result, wakes, starts) = state.withLock { state -> (Result<Void, any Error>?, Bool, Bool) in
            let stage = state.waits.removeValue(forKey: number)
            if case .ended(let result)? = stage { return (result, false, false) }
            if isReady { return (.success(()), false, false) }
            state.waits[number] = .waiting(wait)
            var wakes = false
            if !descriptors.isEmpty {
                state.polling.insert(number)
                wakes = true
            }
            if let instant {
                wakes = wakes || instant < state.instants.first ?? .max
                state.instants.insert(instant, number)
            }
            defer { state.isRunning = true }
            return (nil, wakes, !state.isRunning)
        }
        if let result { return continuation.resume(with: result) }
        guard starts else {
            if wakes { wake.raise() }
            return
        }
        do throws(SystemError) {
            try SystemThread.start("dovetail-loop") { [self] in run() }
        } catch {
            state.withLock { $0.isRunning = false }
            end(number, .failure(error))
        }
    }

    /// Ends a wait, unless it has ended; one that is not entered yet ends when it is.
    private func end(_ number: UInt64, _ result: Result<Void, any Error>) {
        let wait = state.withLock { state -> Wait? in
            if case .entering? = state.waits[number] { state.waits[number] = .ended(result) }
            return Self.remove(number, from: &state)
        }
        wait?.continuation.resume(with: result)
    }

    private static func remove(_ number: UInt64, from state: inout State) -> Wait? {
        guard case .waiting(let wait)? = state.waits[number] else { return nil }
        state.waits[number] = nil
        if !wait.descriptors.isEmpty { state.polling.remove(number) }
        // Its instant stays in the heap until it is due, unless such leftovers outnumber what is waited for.
        if state.instants.count > 64, state.instants.count > 2 * state.waits.count {
            let waits = state.waits
            state.instants.keep { waits[$0] != nil }
        }
        return wait
    }

    private func run() {
        while true {
            let (asked, limit) = state.withLock { state in
                (state.polling.map { (number: $0, questions: Self.questions($0, state)) }, state.instants.first)
            }
            var poll = Poll()
            let wakePlace = poll.add(wake.reader, .readable)
            let places = asked.map { $0.questions.map { poll.add($0.descriptor, $0.interest) } }
            do throws(SystemError) {
                try poll.wait(until: limit)
            } catch {
                finish(asked.map(\.number), .failure(error))
                // Nobody to tell: the system is short of something, which a busy loop would not bring back.
                if asked.isEmpty { SystemThread.sleep(nanoseconds: 10_000_000) }
                continue
            }
            if poll.isReady(wakePlace) { wake.drain() }
            var done = zip(asked, places).filter { $1.contains(where: poll.isReady) }.map(\.0.number)
            done += state.withLock { $0.instants.removeDue(SystemClock.monotonic) }
            finish(done, .success(()))
        }
    }

    private static func questions(_ number: UInt64, _ state: borrowing State) -> [Question] {
        if case .waiting(let wait)? = state.waits[number] { wait.descriptors } else { [] }
    }

    private func finish(_ numbers: [UInt64], _ result: Result<Void, any Error>) {
        let waits = state.withLock { state in numbers.compactMap { Self.remove($0, from: &state) } }
        for wait in waits { wait.continuation.resume(with: result) }
    }
}
