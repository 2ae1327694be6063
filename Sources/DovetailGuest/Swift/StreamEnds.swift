// SPDX-License-Identifier: Apache-2.0

import _Concurrency

/// The end of a stream that is read: `for await element in reader`, or a number of elements at a time.
///
/// It is dropped with the last reference to it, or earlier by ``drop()``; then the one who writes learns that nobody reads.
/// One task reads at a time.
public final class StreamReader<Element>: AsyncSequence, AsyncIteratorProtocol, @unchecked Sendable {
    // @unchecked because a component has one thread.

    /// Nothing is thrown.
    public typealias Failure = Never

    private var handle: Int32
    private let operations: StreamOperations
    private let element: TransferElement<Element>
    /// What was read and not yet asked for, and how much of it was.
    private var ahead: [Element] = []
    private var taken = 0
    /// Whether nothing comes any more.
    public private(set) var isEnded = false

    init(_ handle: Int32, _ operations: StreamOperations, _ element: TransferElement<Element>) {
        self.handle = handle
        self.operations = operations
        self.element = element
    }

    /// The iterator is the reader itself.
    public func makeAsyncIterator() -> StreamReader { self }

    /// The next element; `nil` at the end of the stream, and when the running task is cancelled.
    public func next() async -> Element? {
        if taken == ahead.count {
            taken = 0
            ahead = await receive(element.isPlain ? max(4096 / max(element.size, 1), 1) : 16)
            if ahead.isEmpty { return nil }
        }
        taken &+= 1
        return ahead[taken &- 1]
    }

    /// Reads up to `count` elements: at least one, unless the stream is at its end or the running task is cancelled.
    public func read(upTo count: Int) async -> [Element] {
        if taken < ahead.count {
            let elements = Array(ahead[taken..<min(taken + count, ahead.count)])
            taken += elements.count
            return elements
        }
        return await receive(count)
    }

    /// Reads all elements until the end of the stream.
    public func readAll() async -> [Element] {
        var all = Array(ahead[taken...])
        ahead = []
        taken = 0
        while true {
            let some = await receive(element.isPlain ? max(65_536 / max(element.size, 1), 1) : 64)
            if some.isEmpty { return all }
            all += some
        }
    }

    private func receive(_ count: Int) async -> [Element] {
        if isEnded || count <= 0 { return [] }
        precondition(handle != 0, "the stream was given away or dropped")
        let place = allocateMemory(count &* element.size)
        let status = await copied(
            operations.copy(handle, place, Int32(truncatingIfNeeded: count)), handle, operations.cancel)
        if status & 15 == CopyResult.dropped { isEnded = true }
        let elements = element.load(place, Int(status >> 4))
        releaseMemory(place)
        return elements
    }

    /// Hands the end over.
    func give() -> Int32 {
        precondition(handle != 0, "the stream was given away or dropped")
        precondition(taken == ahead.count, "a stream of which elements were read ahead cannot be given away")
        let given = handle
        handle = 0
        return given
    }

    /// Drops the end now, instead of with the last reference to it.
    public func drop() {
        if handle == 0 { return }
        operations.drop(handle)
        handle = 0
        isEnded = true
    }

    deinit { drop() }
}

/// The end of a stream that is written.
///
/// It is dropped with the last reference to it, or earlier by ``drop()``: that is the end of the stream. One task writes at a time.
public final class StreamWriter<Element>: @unchecked Sendable {
    // @unchecked because a component has one thread.

    private var handle: Int32
    private let operations: StreamOperations
    private let element: TransferElement<Element>
    /// Whether nobody reads any more.
    public private(set) var isClosed = false

    init(_ handle: Int32, _ operations: StreamOperations, _ element: TransferElement<Element>) {
        self.handle = handle
        self.operations = operations
        self.element = element
    }

    /// Writes an element; suspends the running task until it was read.
    ///
    /// - Returns: whether it was.
    @discardableResult
    public func write(_ value: Element) async -> Bool { await write([value]) == 1 }

    /// Writes elements; suspends the running task until they were read.
    ///
    /// - Returns: how many were: all, unless nobody reads any more or the running task is cancelled.
    @discardableResult
    public func write(_ elements: [Element]) async -> Int {
        if isClosed || elements.isEmpty { return 0 }
        precondition(handle != 0, "the stream was dropped")
        var arena = Arena()
        let first = arena.take(
            element.isPlain ? 8 : max(elements.count &* element.size, 1), element.alignment)
        let place: UnsafeMutableRawPointer
        if element.isPlain {
            place = UnsafeMutableRawPointer(mutating: arena.keep(elements))
        } else {
            element.store(elements, first, &arena)
            place = first
        }
        arena.detach()
        var sent = 0
        while sent < elements.count {
            let status = await copied(
                operations.copy(
                    handle, place + sent &* element.size, Int32(truncatingIfNeeded: elements.count &- sent)),
                handle, operations.cancel)
            sent &+= Int(status >> 4)
            if status & 15 == CopyResult.dropped { isClosed = true }
            if status & 15 != 0 { break }
        }
        if sent < elements.count, !element.isPlain {
            takeBack { _ = element.load(place + sent &* element.size, elements.count &- sent) }
        }
        Arena.release(first)
        return sent
    }

    /// Drops the end now, instead of with the last reference to it.
    public func drop() {
        if handle == 0 { return }
        operations.drop(handle)
        handle = 0
        isClosed = true
    }

    deinit { drop() }
}
