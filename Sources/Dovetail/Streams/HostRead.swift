// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// The host reads from a stream or future.
final class HostRead: HostWait {
    private let store: Store
    var core: UnsafeMutablePointer<StoreCore> { store.core }
    var scheduler: Scheduler { store.scheduler }
    var operations: HostOperations { store.operations }
    private(set) var scope: Unmanaged<CallScope>?
    private let end: AsyncEnd
    private let buffer: TransferBuffer

    var isDone: Bool { end.hasPendingEvent }

    private init(_ end: AsyncEnd, _ buffer: TransferBuffer, _ store: Store) {
        self.end = end
        self.buffer = buffer
        self.store = store
    }

    /// Reads into `buffer`: at least one element, unless the stream has ended or the task is cancelled.
    nonisolated(nonsending) static func run(_ end: AsyncEnd, _ buffer: TransferBuffer, _ store: Store) async throws {
        while store.scheduler.isSuspended {
            guard !store.exclusivity.isRequired else { throw Trap.suspendedExclusively() }
            await Store.pause()
        }
        let read = HostRead(end, buffer, store)
        defer { read.scope = nil }
        do {
            if store.waitsOnStacks {
                try await store.onFiber {
                    read.scope = store.core.pointee.running.scope
                    try read.waitOnStack { try read.begin() }
                }
            } else {
                try await store.onActor {
                    let scope = CallScope()
                    read.scope = .passUnretained(scope)
                    try await read.waitOnExecutor(scope) { try read.begin() }
                }
            }
        } catch {
            if end.isCopying { end.cancel() }
            if end.hasPendingEvent { _ = end.takeEvent() }
            throw error
        }
        _ = end.takeEvent()
    }

    private func begin() throws {
        let (peer, inbox, waiter) = (end.peer?.state, store.operations.inbox, scope?.takeUnretainedValue().waiter)
        try peer?.checkAlive()
        end.onEvent = { if let waiter { inbox.wake(waiter) } }
        do {
            try end.copy(buffer, copyBudget: store.configuration.copyBudget)
        } catch {
            // What cannot be lifted is the fault of whoever wrote it.
            throw peer?.poison(error) ?? Store.trap(error)
        }
    }

    func check() throws { try end.peer?.state?.checkUntold() }

    func cancel() -> Bool {
        end.cancel()
        return true
    }

    func stuck() -> any Error { Trap.deadlock() }

    func failed(_ error: any Error) -> any Error { error }
}

extension Store {
    /// Whether what the host waits for may leave something on a stack.
    var waitsOnStacks: Bool { mayWait || exclusivity.isRequired || configuration.timeout != nil }
}
