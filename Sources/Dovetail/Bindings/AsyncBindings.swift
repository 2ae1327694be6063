// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// The end of a WIT `stream<T>` that the host reads.
public struct StreamReader<Element> {
    private init() {}
}

extension StreamReader: AsyncSequence {
    /// Reads one element at a time.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The next element; `nil` at the end.
        ///
        /// - Throws: ``Trap`` with the code `unsupported`, as streams cannot be carried yet.
        public mutating func next() async throws -> Element? { throw Trap.unsupported("reading a stream") }
    }

    /// Begins to read.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
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

    /// Streams cannot be carried yet.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        throw .unsupported("a stream")
    }

    /// Streams cannot be carried yet.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        throw .unsupported("a stream")
    }
}

/// The end of a WIT `future<T>` that the host reads.
public struct FutureReader<Value> {
    private init() {}

    /// The value, once it is there.
    ///
    /// - Throws: ``Trap`` with the code `unsupported`, as futures cannot be carried yet.
    public func value() async throws -> Value { throw Trap.unsupported("reading a future") }
}

extension FutureReader: ComponentConvertible where Value: ComponentConvertible {
    /// As `future<…>`.
    public typealias Codec = FutureCodec<Value.Codec>
}

/// The type `future<…>`.
public enum FutureCodec<Payload: ComponentCodec>: HandleCodec {
    /// The end that is read.
    public typealias Value = FutureReader<Payload.Value>

    /// The type `future<…>`.
    public static var shape: TypeShape { .future(Payload.shape.payload) }

    /// Futures cannot be carried yet.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        throw .unsupported("a future")
    }

    /// Futures cannot be carried yet.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        throw .unsupported("a future")
    }
}

/// A WIT `error-context`.
public struct ErrorContextValue: Hashable, Sendable, Error {
    /// The message that it was made with.
    public var debugMessage: String

    /// Makes an error context.
    public init(_ debugMessage: String) { self.debugMessage = debugMessage }
}

extension ErrorContextValue: ComponentConvertible {
    /// As `error-context`.
    public typealias Codec = ErrorContextCodec
}

/// The type `error-context`.
public enum ErrorContextCodec: HandleCodec {
    /// The message.
    public typealias Value = ErrorContextValue

    /// The type `error-context`.
    public static var shape: TypeShape { .errorContext }

    /// Copies the error context out of the instance, which keeps its own.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        ErrorContextValue(try cx.environment.handles.object(at: index, as: ErrorContext.self).debugMessage)
    }

    /// Gives the instance an error context.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try cx.environment.handles.add(object: ErrorContext(value.debugMessage))
    }
}
