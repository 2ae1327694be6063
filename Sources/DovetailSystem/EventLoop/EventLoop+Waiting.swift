// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
internal import Synchronization

/// Why a wait goes on elsewhere.
struct LoopHasEnded: Error {}

extension EventLoop {
    /// Suspends the task until one of the sources is ready, or `deadline` of the monotonic clock has come.
    ///
    /// Each source is registered once, so the cost of a wake-up does not depend on how many wait.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before, ``SystemError`` when the system cannot wait.
    package nonisolated(nonsending) func wait(for sources: [Readiness], until deadline: UInt64? = nil) async throws {
        if try await waitHere(for: sources, until: deadline) { return }
        _ = try await Self.shared.get().waitHere(for: sources, until: deadline)
    }

    /// Waits on this loop; false when it has ended before.
    private nonisolated(nonsending) func waitHere(for sources: [Readiness], until deadline: UInt64?) async throws
        -> Bool
    {
        let record = WaitRecord()
        var entries = Entries()
        defer { leave(record, entries) }
        enter(record, sources, deadline, &entries)
        if hasEnded.load(ordering: .acquiring) { record.end(.failure(LoopHasEnded())) }
        do {
            try await withTaskCancellationHandler {
                try await record.wait()
            } onCancel: {
                record.end(.failure(CancellationError()))
            }
        } catch {
            guard error is LoopHasEnded else { throw error }
            return false
        }
        return true
    }

    /// Blocks the thread until one of the sources is ready, or `deadline` of the monotonic clock has come.
    ///
    /// The thread drives a loop of its own meanwhile, so nobody has to wake it for a descriptor or an instant.
    package static func block(for sources: [Readiness], until deadline: UInt64? = nil) throws(SystemError) {
        try borrowing { (loop) throws(SystemError) in
            let record = WaitRecord(drivenBy: loop)
            var entries = Entries()
            defer {
                loop.leave(record, entries)
                // Nobody drives the loop from now on: what others wait for, too, goes where somebody does.
                for case .event(let source, _) in sources where source.isObserved {
                    if let shared = try? shared.get() { try? source.attach(to: shared) }
                }
            }
            loop.enter(record, sources, deadline, &entries)
            while !record.hasEnded { try loop.turn(until: nil) }
        }
    }

    /// Where a wait is entered.
    private struct Entries {
        var observed: [(signal: ReadinessSignal, token: UInt64)] = []
        var watched: [CInt] = []
        var timer: EventTimer?
    }

    private func enter(
        _ record: WaitRecord, _ sources: [Readiness], _ deadline: UInt64?, _ entries: inout Entries
    ) {
        var instant = deadline
        for source in sources {
            switch source {
            case .never: break
            case .ready: return record.end()
            case .time(let due): instant = min(instant ?? due, due)
            case .readable(let descriptor): watch(descriptor, record, .readable, &entries)
            case .writable(let descriptor): watch(descriptor, record, .writable, &entries)
            case .signal(let signal): observe(signal, record, &entries)
            case .event(let source, let direction):
                do throws(SystemError) {
                    try source.attach(to: self)
                    observe(source.signal(direction), record, &entries)
                } catch {
                    record.end(.failure(error))
                }
            }
        }
        guard let instant, !record.hasEnded else { return }
        if instant <= SystemClock.monotonic {
            record.end()
        } else {
            entries.timer = schedule(EventTimer(instant, ending: record))
        }
    }

    private func observe(_ signal: ReadinessSignal, _ record: WaitRecord, _ entries: inout Entries) {
        entries.observed.append((signal, signal.observe { record.end() }))
    }

    private func watch(_ descriptor: CInt, _ record: WaitRecord, _ interest: ReadySet, _ entries: inout Entries) {
        do throws(SystemError) {
            try state.withLock { (state) throws(SystemError) in
                state.watches[descriptor, default: DescriptorWatch()].insert(record, interest)
                // Always told to the system: a file that was closed in between is unknown to it, whatever is known here.
                let interest = state.watches[descriptor]?.interest ?? interest
                do throws(SystemError) {
                    try poller.set(
                        descriptor, token: DescriptorWatch.token(descriptor), interest, onChange: false)
                } catch {
                    state.unwatch(descriptor, record, poller)
                    throw error
                }
            }
            entries.watched.append(descriptor)
        } catch {
            // Files are always ready; using a descriptor that is not open fails at once.
            record.end(error == .notPermitted || error == .badDescriptor ? .success(()) : .failure(error))
        }
    }

    private func leave(_ record: WaitRecord, _ entries: Entries) {
        for (signal, token) in entries.observed { signal.stopObserving(token) }
        guard entries.timer != nil || !entries.watched.isEmpty else { return }
        state.withLock { state in
            if let timer = entries.timer { state.timers.remove(timer) }
            for descriptor in entries.watched { state.unwatch(descriptor, record, poller) }
        }
    }
}
