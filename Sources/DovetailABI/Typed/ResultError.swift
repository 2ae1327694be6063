// SPDX-License-Identifier: Apache-2.0

/// The error of a WIT `result` whose type is no Swift error of its own: `result<u32, string>` throws
/// `ResultError<String>`.
@frozen
public struct ResultError<Payload>: Error, @unchecked Sendable {
    // @unchecked because a payload that holds resources stays with its store, as everything of a store does.

    /// What stands in the error place.
    public let payload: Payload

    /// Makes an error.
    @inlinable
    public init(_ payload: Payload) { self.payload = payload }
}

extension ResultError: Equatable where Payload: Equatable {}
extension ResultError: Hashable where Payload: Hashable {}

extension ResultError: CustomStringConvertible {
    /// The payload's description.
    public var description: String { "\(payload)" }
}

extension ResultError: ComponentConvertible where Payload: ComponentConvertible {
    /// As the payload.
    public typealias Codec = ResultErrorCodec<Payload.Codec>
}

/// A type in the error place of a `result`, as a Swift error.
public enum ResultErrorCodec<Payload: ComponentCodec>: ComponentCodec {
    /// The payload as an error.
    public typealias Value = ResultError<Payload.Value>

    /// The layout of the payload.
    @inlinable public static var abi: StaticLayout { Payload.abi }
    /// The type of the payload.
    @inlinable public static var shape: TypeShape { Payload.shape }

    /// Writes the payload.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        try Payload.lower(value.payload, &cx, into: &flat)
    }

    /// Writes the payload.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try Payload.store(value.payload, &cx, at: offset)
    }

    /// Reads the payload.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        ResultError(try Payload.lift(&cx, from: &flat))
    }

    /// Reads the payload.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        ResultError(try Payload.load(&cx, at: offset))
    }
}

extension ResultErrorCodec: HashableCodec where Payload: HashableCodec {
    /// Compares the payloads.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        Payload.areEqual(left.payload, right.payload)
    }

    /// Hashes the payload.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) { Payload.hash(value.payload, into: &hasher) }
}

extension ResultCodec {
    /// What `body` gives, or the WIT error it throws.
    ///
    /// - Throws: errors of other types, which end the guest's call.
    @inlinable
    public static func reporting(_ body: () throws -> Success.Value) throws -> Value {
        do {
            return .success(try body())
        } catch let error as Failure.Value {
            return .failure(error)
        }
    }

    /// What `body` gives, or the WIT error it throws.
    ///
    /// - Throws: errors of other types, which end the guest's call.
    @inlinable
    public nonisolated(nonsending) static func reporting(
        _ body: nonisolated(nonsending) () async throws -> Success.Value
    ) async throws -> Value {
        do {
            return .success(try await body())
        } catch let error as Failure.Value {
            return .failure(error)
        }
    }
}
