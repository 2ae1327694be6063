// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// Host functions whose types are known at compile time: parameters are one value, see `TypedABI`.
extension Linker {
    @inlinable
    mutating func defineTyped<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ name: String, in instance: String?, _ parameters: Parameters.Type, _ result: Output.Type,
        _ body: @escaping @Sendable (Caller, Parameters.Value) throws -> Output.Value
    ) {
        defineDirect(
            name, in: instance,
            DirectFunction(parameters: [Parameters.shape], parametersAreOne: true, result: Output.shape.payload) {
                site, slots, isAsync in
                guard !isAsync else { return try Self.answerAsync(site, slots, parameters, result, body) }
                try Self.answer(site, slots, parameters, result, isAsync: false, body)
            })
    }

    @inlinable
    mutating func defineTyped<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ name: String, in instance: String?, _ parameters: Parameters.Type, _ result: Output.Type,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, Parameters.Value) async throws -> Output.Value
    ) {
        defineDirect(
            name, in: instance,
            DirectFunction(
                parameters: [Parameters.shape], parametersAreOne: true, result: Output.shape.payload,
                start: { caller, cx, flat, isAsync in
                    let arguments = try TypedABI.liftParameters(
                        Parameters.self, &cx, from: &flat, limit: CanonicalLimits.flatParameters(isAsync: isAsync))
                    return {
                        let value = try await body(caller, arguments)
                        return { cx, flat, slots, isAsync in
                            var writer = FlatWriter(slots)
                            try TypedABI.lowerResult(
                                Output.self, value, &cx, returnPointer: &flat, into: &writer,
                                limit: CanonicalLimits.flatResults(isAsync: isAsync))
                        }
                    }
                }))
    }

    /// Lifts the parameters, runs the body and lowers its result; inlined, so that what depends on the types is decided.
    @inlinable @inline(__always)
    static func answer<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ site: UnsafePointer<CallSite>, _ slots: UnsafeMutableRawPointer, _ parameters: Parameters.Type,
        _ result: Output.Type, isAsync: Bool, _ body: (Caller, Parameters.Value) throws -> Output.Value
    ) throws {
        let (input, output) = (Parameters.abi, Output.abi)
        if input.usesMemory || input.flatCount > CanonicalLimits.flatParameters(isAsync: isAsync) || output.usesMemory
            || output.flatCount > CanonicalLimits.flatResults(isAsync: isAsync)
        {
            site.refresh()
        }
        guard input.usesHandles else {
            var cx = site.context(nil)
            return try answer(site.pointee.caller, &cx, slots, parameters, result, isAsync: isAsync, body)
        }
        try site.lending { cx in
            try answer(site.pointee.caller, &cx, slots, parameters, result, isAsync: isAsync, body)
        }
    }

    @inlinable @inline(__always)
    static func answer<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ caller: Caller, _ cx: inout CanonicalContext, _ slots: UnsafeMutableRawPointer,
        _ parameters: Parameters.Type, _ result: Output.Type, isAsync: Bool,
        _ body: (Caller, Parameters.Value) throws -> Output.Value
    ) throws {
        var flat = FlatReader(slots)
        let arguments = try TypedABI.liftParameters(
            Parameters.self, &cx, from: &flat, limit: CanonicalLimits.flatParameters(isAsync: isAsync))
        let value = try body(caller, arguments)
        let limit = CanonicalLimits.flatResults(isAsync: isAsync)
        if Output.abi.usesMemory || Output.abi.flatCount > limit { caller.reload(&cx) }
        var writer = FlatWriter(slots)
        try TypedABI.lowerResult(Output.self, value, &cx, returnPointer: &flat, into: &writer, limit: limit)
    }

    @inlinable @inline(never)
    static func answerAsync<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ site: UnsafePointer<CallSite>, _ slots: UnsafeMutableRawPointer, _ parameters: Parameters.Type,
        _ result: Output.Type, _ body: (Caller, Parameters.Value) throws -> Output.Value
    ) throws {
        try answer(site, slots, parameters, result, isAsync: true, body)
    }
}

@_spi(Bindings)
extension Linker {
    /// Defines a function whose values the given codecs carry.
    ///
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - parameters: the only parameter's codec, that of a tuple, or `EmptyCodec`.
    ///   - result: the result's codec, or `EmptyCodec`.
    ///   - body: what it throws comes out of the host's call.
    @inlinable
    public mutating func define<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ name: String, in instance: String? = nil, parameters: Parameters.Type, result: Output.Type,
        _ body: @escaping @Sendable (Caller, Parameters.Value) throws -> Output.Value
    ) {
        defineTyped(name, in: instance, parameters, result, body)
    }

    /// Defines an `async` function whose values the given codecs carry; the guest that calls it has to be entered by
    /// `callAsync`.
    ///
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - parameters: the only parameter's codec, that of a tuple, or `EmptyCodec`.
    ///   - result: the result's codec, or `EmptyCodec`.
    ///   - body: what it throws comes out of the host's call.
    @inlinable
    public mutating func define<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ name: String, in instance: String? = nil, parameters: Parameters.Type, result: Output.Type,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, Parameters.Value) async throws -> Output.Value
    ) {
        defineTyped(name, in: instance, parameters, result, body)
    }

    /// Defines a resource whose objects conform to a protocol; what a guest drops, the host lets go of.
    ///
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - type: the existential type, `(any Connection).self`.
    public mutating func defineHostResource<Interface>(
        _ name: String, in instance: String? = nil, _ type: Interface.Type
    ) {
        defineResource(name, in: instance, ResourceBox<Interface>.self)
    }
}
