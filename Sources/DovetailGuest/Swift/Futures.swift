// SPDX-License-Identifier: Apache-2.0

import _Concurrency

/// The end of a future that is read.
public final class FutureReader<Element>: @unchecked Sendable {
    // @unchecked because a component has one thread.

    private var handle: Int32
    private let operations: FutureOperations
    private let element: TransferElement<Element>

    init(_ handle: Int32, _ operations: FutureOperations, _ element: TransferElement<Element>) {
        self.handle = handle
        self.operations = operations
        self.element = element
    }

    /// Waits for the value, which can be had once.
    ///
    /// - Returns: `nil` when the running task is cancelled, and when the one who writes went away without a value.
    public func read() async -> Element? {
        precondition(handle != 0, "the future was read, given away or dropped")
        let place = allocateMemory(element.size)
        let status = await copied(operations.copy(handle, place), handle, operations.cancel)
        // One that was cancelled can be read later.
        if status & 15 != CopyResult.cancelled { drop() }
        let value = status & 15 == 0 ? element.load(place, 1).first : nil
        releaseMemory(place)
        return value
    }

    /// Hands the end over.
    func give() -> Int32 {
        precondition(handle != 0, "the future was read, given away or dropped")
        let given = handle
        handle = 0
        return given
    }

    /// Drops the end now, instead of with the last reference to it.
    public func drop() {
        if handle == 0 { return }
        operations.drop(handle)
        handle = 0
    }

    deinit { drop() }
}

/// The end of a future that is written, exactly once: whoever drops it unwritten traps, unless the future was made with a value for
/// that case.
public final class FutureWriter<Element>: @unchecked Sendable {
    // @unchecked because a component has one thread.

    private var handle: Int32
    private let operations: FutureOperations
    private let element: TransferElement<Element>
    private let otherwise: (() -> Element)?

    init(
        _ handle: Int32, _ operations: FutureOperations, _ element: TransferElement<Element>,
        _ otherwise: (() -> Element)?
    ) {
        self.handle = handle
        self.operations = operations
        self.element = element
        self.otherwise = otherwise
    }

    /// Writes the value; suspends the running task until it was read.
    ///
    /// - Returns: whether it was. If not, nobody reads any more, or the running task was cancelled and the value can be written later.
    @discardableResult
    public func write(_ value: Element) async -> Bool {
        precondition(handle != 0, "the future was written already")
        var arena = Arena()
        let place = arena.take(max(element.size, 1), element.alignment)
        element.store([value], place, &arena)
        arena.detach()
        let status = await copied(operations.copy(handle, place), handle, operations.cancel)
        if status & 15 != CopyResult.cancelled {
            operations.drop(handle)
            handle = 0
        }
        if status & 15 != 0 { takeBack { _ = element.load(place, 1) } }
        Arena.release(place)
        return status & 15 == 0
    }

    deinit {
        if handle == 0 { return }
        guard let otherwise else { _panic("a future was dropped without a value") }
        let rest = FutureWriter(handle, operations, element, nil)
        let value = otherwise()
        _startTask { await rest.write(value) }
    }
}
