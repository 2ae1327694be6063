// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// The error of a WIT `result` whose type is no Swift error of its own: `result<u32, string>` throws
/// `ResultError<String>`.
@frozen
public struct ResultError<Payload>: Error, @unchecked Sendable {
    // @unchecked because a payload that holds resources stays with its store, as everything of a store does.

    /// What stands in the error place.
    public var payload: Payload

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

extension ResultError: ComponentTyped where Payload: ComponentTyped {
    /// The layout of the payload.
    @inlinable public static var abi: StaticLayout { Payload.abi }
    /// The type of the payload.
    @inlinable public static var shape: TypeShape { Payload.shape }
}

extension ResultError: Lowerable where Payload: Lowerable {
    /// Writes the payload.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        try payload.lower(&cx, into: &flat)
    }

    /// Writes the payload.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try payload.store(&cx, at: offset)
    }
}

extension ResultError: Liftable where Payload: Liftable {
    /// Reads the payload.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        Self(try Payload.lift(&cx, from: &flat))
    }

    /// Reads the payload.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        Self(try Payload.load(&cx, at: offset))
    }
}

extension Result {
    /// What `body` gives, or the WIT error it throws.
    ///
    /// - Throws: errors of other types, which end the guest's call.
    @inlinable
    public static func reporting(_ body: () throws -> Success) throws -> Self {
        do {
            return .success(try body())
        } catch let error as Failure {
            return .failure(error)
        }
    }

    /// What `body` gives, or the WIT error it throws.
    ///
    /// - Throws: errors of other types, which end the guest's call.
    @inlinable
    public nonisolated(nonsending) static func reporting(
        _ body: nonisolated(nonsending) () async throws -> Success
    ) async throws -> Self {
        do {
            return .success(try await body())
        } catch let error as Failure {
            return .failure(error)
        }
    }
}
