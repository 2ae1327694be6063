// SPDX-License-Identifier: Apache-2.0

import Swift

/// Gives one element after the other, suspending the task that asks until there is one.
public protocol AsyncIteratorProtocol<Element, Failure> {
    /// The type of the elements.
    associatedtype Element
    /// What may be thrown instead of an element.
    associatedtype Failure: Error = Never
    /// The next element, `nil` behind the last one.
    mutating func next() async throws(Failure) -> Element?
    /// The next element, `nil` behind the last one.
    mutating func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Element?
}

extension AsyncIteratorProtocol {
    /// The next element, `nil` behind the last one.
    @_alwaysEmitIntoClient
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Element? {
        nonisolated(unsafe) var iterator = self
        defer { self = iterator }
        return try await iterator.next()
    }
}

/// A sequence whose elements are still to come: `for await element in sequence`.
public protocol AsyncSequence<Element, Failure> {
    /// The type of the iterator.
    associatedtype AsyncIterator: AsyncIteratorProtocol where AsyncIterator.Element == Element
    /// The type of the elements.
    associatedtype Element
    /// What may be thrown instead of an element.
    associatedtype Failure = AsyncIterator.Failure where AsyncIterator.Failure == Failure
    /// Begins to go through the elements.
    func makeAsyncIterator() -> AsyncIterator
}

// What `async let` becomes; the functions are in `tasks.c`.

/// The value of an `async let`, when there is one.
@_silgen_name("swift_asyncLet_get")
public func _asyncLet_get(
    _ asyncLet: Builtin.RawPointer, _ resultBuffer: Builtin.RawPointer
) async -> Builtin.RawPointer
/// Not there: Embedded Swift has no untyped errors.
@_silgen_name("swift_asyncLet_get_throwing")
public func _asyncLet_get_throwing(
    _ asyncLet: Builtin.RawPointer, _ resultBuffer: Builtin.RawPointer
) async throws -> Builtin.RawPointer
/// The end of the scope of an `async let`.
@_silgen_name("swift_asyncLet_finish")
public func _asyncLet_finish(_ asyncLet: Builtin.RawPointer, _ resultBuffer: Builtin.RawPointer) async
