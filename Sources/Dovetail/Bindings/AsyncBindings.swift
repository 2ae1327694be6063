// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// The end of a WIT `stream<T>` that the host reads.
public struct StreamReader<Element: ComponentTyped> {
    private init() {}
}

extension StreamReader: HandleConvertible {
    /// The type `stream<…>`.
    public static var shape: TypeShape { .stream(Element.shape.payload) }

    /// Streams cannot be carried yet.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Self {
        throw .unsupported("a stream")
    }

    /// Streams cannot be carried yet.
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 { throw .unsupported("a stream") }
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

/// The end of a WIT `future<T>` that the host reads.
public struct FutureReader<Value: ComponentTyped> {
    private init() {}

    /// The value, once it is there.
    ///
    /// - Throws: ``Trap`` with the code `unsupported`, as futures cannot be carried yet.
    public func value() async throws -> Value { throw Trap.unsupported("reading a future") }
}

extension FutureReader: HandleConvertible {
    /// The type `future<…>`.
    public static var shape: TypeShape { .future(Value.shape.payload) }

    /// Futures cannot be carried yet.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Self {
        throw .unsupported("a future")
    }

    /// Futures cannot be carried yet.
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 { throw .unsupported("a future") }
}

/// A WIT `error-context`.
public struct ErrorContextValue: Hashable, Sendable, Error {
    /// The message that it was made with.
    public var debugMessage: String

    /// Makes an error context.
    public init(_ debugMessage: String) { self.debugMessage = debugMessage }
}

extension ErrorContextValue: HandleConvertible {
    /// The type `error-context`.
    public static var shape: TypeShape { .errorContext }

    /// Copies the error context out of the instance, which keeps its own.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Self {
        Self(try cx.environment.handles.object(at: index, as: ErrorContext.self).debugMessage)
    }

    /// Gives the instance an error context.
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try cx.environment.handles.add(object: ErrorContext(debugMessage))
    }
}
