// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// A WIT `error-context`.
public struct ErrorContextValue: Hashable, Sendable, Error {
    /// The message that it was made with.
    public let debugMessage: String

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
