// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// The end of a WIT `stream<T>` that is read: by the host, or by a component that it is given to.
///
/// Reading lets the guests of its store run, as a call by `callAsync` does, and belongs to the same isolation domain as calls do. The
/// stream is dropped with the last reference to this end, or by ``drop()``. One that came out of a call of the host's keeps its store;
/// one that a function of the host's was given does not.
///
/// ```swift
/// for try await line in try await component.lines() { print(line) }
/// ```
public final class StreamReader<Element> {
    let end: ReadableEnd<Element>

    init(_ end: ReadableEnd<Element>) { self.end = end }

    /// A stream of some elements, which ends behind them.
    public convenience init(_ elements: sending [Element]) {
        let channel = StreamChannel<Element>()
        channel.fill(elements)
        channel.close()
        self.init(ReadableEnd(channel))
    }

    /// Makes a stream: what is written to one end is read from the other one, by whoever has it.
    public static func makeStream(of type: Element.Type = Element.self) -> (
        writer: StreamWriter<Element>, reader: StreamReader<Element>
    ) {
        let channel = StreamChannel<Element>()
        return (StreamWriter(channel), StreamReader(ReadableEnd(channel)))
    }

    /// Reads up to `count` elements: at least one, unless the stream has ended; then none.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before an element comes; ``CallError`` when the stream was given away, is
    ///   being read already, or its store is gone; ``Trap`` when the component that writes stops, can never write, or cannot be entered
    ///   now; ``EngineError`` when the engine gives no stack.
    public nonisolated(nonsending) func read(upTo count: Int) async throws -> [Element] { try await end.read(count) }

    /// Reads all elements until the end of the stream.
    ///
    /// - Throws: what ``read(upTo:)`` throws.
    public nonisolated(nonsending) func readAll() async throws -> [Element] {
        var all: [Element] = []
        while true {
            let some = try await end.read(65_536)
            if some.isEmpty { return all }
            all += some
        }
    }

    /// Lets whoever writes know that nobody reads any more.
    public func drop() { end.drop() }
}

extension StreamReader: AsyncSequence {
    /// Gives the elements one by one; it reads some ahead.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let end: ReadableEnd<Element>

        /// The next element; `nil` at the end.
        ///
        /// - Throws: what ``StreamReader/read(upTo:)`` throws.
        public nonisolated(nonsending) mutating func next() async throws -> Element? { try await end.next() }

        /// The next element; `nil` at the end.
        ///
        /// - Throws: what ``StreamReader/read(upTo:)`` throws.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Element? {
            try await end.next()
        }
    }

    /// Begins to read.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(end: end) }
}

/// The end of a stream of the host's that is written, from any task.
///
/// The stream ends with the last reference to this end, or by ``close()``.
public final class StreamWriter<Element>: Sendable {
    private let channel: StreamChannel<Element>

    init(_ channel: StreamChannel<Element>) { self.channel = channel }

    deinit { channel.close() }

    /// Whether nobody reads any more.
    public var isClosed: Bool { channel.isDropped }

    /// Writes elements; suspends the task until they were read.
    ///
    /// - Returns: how many were: all, unless nobody reads any more, the stream was closed or the task is cancelled.
    /// - Throws: `ABIError` when an element cannot be passed, ``Trap`` when it is read as one of another type; both end the stream.
    @discardableResult
    public nonisolated(nonsending) func write(_ elements: sending [Element]) async throws -> Int {
        try await channel.write(elements)
    }

    /// Writes an element; suspends the task until it was read.
    ///
    /// - Returns: whether it was.
    /// - Throws: what ``write(_:)-([Element])`` throws.
    @discardableResult
    public nonisolated(nonsending) func write(_ element: sending Element) async throws -> Bool {
        try await channel.write([element]) == 1
    }

    /// Ends the stream once everything that is being written was read.
    public func close() { channel.close() }
}

extension StreamReader: ComponentConvertible where Element: ComponentConvertible {
    /// As `stream<…>`.
    public typealias Codec = StreamCodec<Element.Codec>
}

/// The type `stream<…>`.
public enum StreamCodec<Element: ComponentCodec>: HandleCodec {
    /// The end that is read.
    public typealias Value = StreamReader<Element.Value>

    /// The type `stream<…>`.
    public static var shape: TypeShape { .stream(Element.shape.payload) }

    /// Takes the end out of the instance.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        StreamReader(try ReadableEnd(index, isStream: true, HostElement(Element.self), cx))
    }

    /// Gives the instance the end.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try value.end.give(isStream: true, HostElement(Element.self), cx)
    }
}
