// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// An exported function as bindings hold it, found by ``ExportBinder``; parameters are one value: the only one, a tuple, or
/// ``Empty``.
@_spi(Bindings)
public struct BoundFunction<Parameters: ComponentCodec, Output: ComponentCodec> {
    @usableFromInline let bound: TypedCall<Parameters, Output>

    init(_ function: Function) { bound = TypedCall(function, function.core) }

    /// Calls the function.
    ///
    /// The parameters live until the call ends, objects of the host in them too: see ``call(giving:)``.
    /// - Throws: ``CallError`` for an argument that cannot be passed, ``Trap``, or what a host function threw.
    @inlinable
    public func call(_ parameters: Parameters.Value) throws -> Output.Value { try bound.call(parameters) }

    /// Calls the function and leaves what is in the parameters to the component: an object of the host that nobody else
    /// holds goes as soon as the component drops its handle, and not when the call ends.
    ///
    /// - Throws: ``CallError`` for an argument that cannot be passed, ``Trap``, or what a host function threw.
    @inlinable
    public func call(giving parameters: consuming Parameters.Value) throws -> Output.Value {
        try bound.call(giving: parameters)
    }

    /// Calls the function; host functions that wait suspend the guest, not the thread.
    ///
    /// - Throws: as ``call(_:)``.
    @inlinable
    public nonisolated(nonsending) func callAsync(_ parameters: Parameters.Value) async throws -> Output.Value {
        try await bound.callAsync(parameters)
    }
}
