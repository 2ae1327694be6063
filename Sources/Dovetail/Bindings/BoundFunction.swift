// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// What is left of a call that was begun: for a task, which has to run it.
@_spi(Bindings)
public typealias CallRemainder = nonisolated(nonsending) () async throws -> Void

/// An exported function as bindings hold it, found by ``ExportBinder``; parameters are one value: the only one, a tuple, or
/// ``Empty``.
@_spi(Bindings)
public struct BoundFunction<Parameters: ComponentCodec, Output: ComponentCodec> {
    @usableFromInline let bound: TypedCall<Parameters, Output>

    init(_ function: Function) { bound = TypedCall(function, function.core) }

    /// Calls the function.
    ///
    /// The parameters live until the call ends, objects of the host in them too: see ``call(giving:)``.
    /// - Throws: what ``Function/call(_:)-([Value])`` throws.
    @inlinable
    public func call(_ parameters: Parameters.Value) throws -> Output.Value { try bound.call(parameters) }

    /// Calls the function and leaves what is in the parameters to the component: an object of the host that nobody else
    /// holds goes as soon as the component drops its handle, and not when the call ends.
    ///
    /// - Throws: what ``Function/call(_:)-([Value])`` throws.
    @inlinable
    public func call(giving parameters: consuming Parameters.Value) throws -> Output.Value {
        try bound.call(giving: parameters)
    }

    /// Calls the function; host functions that wait suspend the guest, not the thread.
    ///
    /// - Throws: what ``Function/callAsync(_:)-([Value])`` throws.
    @inlinable
    public nonisolated(nonsending) func callAsync(_ parameters: Parameters.Value) async throws -> Output.Value {
        try await bound.callAsync(parameters)
    }

    /// Begins to call the function, and goes on until it returns or the guest waits: a guest that does not wait needs no task. Only for who
    /// has the store alone.
    ///
    /// - Returns: what is left of the call, which has to be run by a task; it throws as ``callAsync(_:)``. Nil when the function has returned.
    /// - Throws: as ``callAsync(_:)``, but for `CancellationError`.
    @inlinable
    public func begin(_ parameters: Parameters.Value) throws -> CallRemainder? where Output == EmptyCodec {
        switch bound.core.asyncRoute {
        case .direct:
            _ = try bound.call(parameters)
            return nil
        case .task: return { _ = try await bound.callAsync(parameters) }
        case .fiber: return try bound.function.beginOnFiber { _ = try bound.call(parameters) }
        }
    }
}
