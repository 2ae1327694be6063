// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// How a function is called with values that two codecs carry: parameters are one value, see `TypedABI`.
@usableFromInline
struct TypedCall<Parameters: ComponentCodec, Output: ComponentCodec> {
    @usableFromInline let function: Function
    @usableFromInline let core: UnsafeMutablePointer<LiftedFunction>

    @inlinable @inline(__always)
    init(_ function: Function, _ core: UnsafeMutablePointer<LiftedFunction>) {
        self.function = function
        self.core = core
    }

    /// Whether the call can neither read nor write memory and passes no handles.
    @inlinable
    static var isPlain: Bool {
        let parameters = Parameters.abi
        let result = Output.abi
        return !parameters.usesMemory && !parameters.usesHandles && !result.usesMemory && !result.usesHandles
            && parameters.flatCount <= CanonicalLimits.maxFlatParameters
            && result.flatCount <= CanonicalLimits.maxFlatResults
    }

    /// Calls the function.
    ///
    /// The parameters live until the call ends, objects of the host in them too: see ``call(giving:)``.
    @inlinable @inline(__always)
    func call(_ parameters: Parameters.Value) throws -> Output.Value {
        // The store keeps the instance that `core` belongs to.
        defer { withExtendedLifetime(function) {} }
        return Self.isPlain ? try callPlain(parameters) : try callWhole(parameters)
    }

    /// Calls the function and leaves what is in the parameters to the component: an object of the host that nobody else
    /// holds goes as soon as the component drops its handle, and not when the call ends.
    @inlinable
    func call(giving parameters: consuming Parameters.Value) throws -> Output.Value {
        // The store keeps the instance that `core` belongs to.
        defer { withExtendedLifetime(function) {} }
        var pending: Parameters.Value? = parameters
        return try run { (cx, slots) throws(ABIError) in
            guard let parameters = pending.take() else { return }
            var writer = FlatWriter(slots)
            try TypedABI.lowerParameters(Parameters.self, parameters, &cx, into: &writer)
        }
    }

    @inlinable @inline(__always)
    func callPlain(_ parameters: Parameters.Value) throws -> Output.Value {
        let core = core
        if core.pointee.isBlocked.pointee {
            if core.pointee.usesTasks { return try callWhole(parameters) }
            try core.admit()
        }
        return try withUnsafeTemporaryAllocation(
            byteCount: UnsafeMutablePointer<LiftedFunction>.slotBytes, alignment: 16
        ) { buffer in
            // Not empty, so it has a base.
            let slots = buffer.baseAddress.unsafelyUnwrapped
            var cx = CanonicalContext.plain(core.pointee.object, core.pointee.memory)
            var writer = FlatWriter(slots)
            do throws(ABIError) {
                try Parameters.lower(parameters, &cx, into: &writer)
            } catch {
                throw function.callError(error)
            }
            try core.invokePlain(slots)
            var reader = FlatReader(slots)
            do throws(ABIError) {
                return try Output.lift(&cx, from: &reader)
            } catch {
                throw core.poison(error)
            }
        }
    }

    @inlinable @inline(__always)
    func callWhole(_ parameters: Parameters.Value) throws -> Output.Value {
        try run { (cx, slots) throws(ABIError) in
            var writer = FlatWriter(slots)
            try TypedABI.lowerParameters(Parameters.self, parameters, &cx, into: &writer)
        }
    }

    @inlinable @inline(__always)
    func run(
        lower: (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void
    ) throws -> Output.Value {
        do {
            let result = Output.abi
            return try core.run(
                readsMemory: result.usesMemory || result.flatCount > CanonicalLimits.maxFlatResults, lower: lower
            ) { (cx, slots, limit) throws(ABIError) in
                var reader = FlatReader(slots)
                return try TypedABI.liftResult(Output.self, &cx, from: &reader, limit: limit)
            }
        } catch let error as ABIError {
            throw function.callError(error)
        }
    }
}
