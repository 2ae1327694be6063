// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

extension Linker {
    /// Defines a function whose types are known at compile time.
    ///
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - parameters: the only parameter's type, a tuple such as `Tuple2`, or ``Empty``.
    ///   - result: the result's type, or ``Empty``.
    ///   - body: what it throws comes out of the host's call.
    @inlinable
    public mutating func define<Parameters: Liftable, Output: Lowerable>(
        _ name: String, in instance: String? = nil, parameters: Parameters.Type, result: Output.Type,
        _ body: @escaping @Sendable (Caller, Parameters) throws -> Output
    ) {
        let input = Parameters.abi
        let output = Output.abi
        let isIndirect =
            input.flatCount > CanonicalLimits.maxFlatParameters || output.flatCount > CanonicalLimits.maxFlatResults
        defineDirect(
            name, in: instance,
            DirectFunction(
                parameters: [Parameters.shape], parametersAreOne: true, result: Output.shape.payload,
                usesMemory: input.usesMemory || output.usesMemory || isIndirect, usesHandles: input.usesHandles
            ) { caller, cx, slots, isAsync in
                guard !isAsync else { return try Self.answerAsync(caller, &cx, slots, body) }
                try Self.answer(caller, &cx, slots, isAsync: false, body)
            })
    }

    /// Defines an `async` function whose types are known at compile time; the guest that calls it has to be entered by
    /// `callAsync`.
    ///
    /// A guest that calls it asynchronously goes on meanwhile, and several such calls overlap.
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - parameters: the only parameter's type, a tuple such as `Tuple2`, or ``Empty``.
    ///   - result: the result's type, or ``Empty``.
    ///   - body: runs on the executor of the host's call, in a task that is cancelled with that call. What it throws comes
    ///     out of the call.
    public mutating func define<Parameters: Liftable, Output: Lowerable>(
        _ name: String, in instance: String? = nil, parameters: Parameters.Type, result: Output.Type,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, Parameters) async throws -> Output
    ) {
        defineDirect(
            name, in: instance,
            DirectFunction(
                parameters: [Parameters.shape], parametersAreOne: true, result: Output.shape.payload,
                start: { caller, cx, flat, isAsync in
                    let arguments = try TypedABI.liftParameters(
                        Parameters.self, &cx, from: &flat, limit: CanonicalLimits.flatParameters(isAsync: isAsync))
                    return {
                        let result = try await body(caller, arguments)
                        return { cx, flat, slots, isAsync in
                            var writer = FlatWriter(slots)
                            try TypedABI.lowerResult(
                                result, &cx, returnPointer: &flat, into: &writer,
                                limit: CanonicalLimits.flatResults(isAsync: isAsync))
                        }
                    }
                }))
    }

    /// Lifts the parameters, runs the body and lowers its result; inlined, so that what depends on the types is decided.
    @inlinable @inline(__always)
    static func answer<Parameters: Liftable, Output: Lowerable>(
        _ caller: Caller, _ cx: inout CanonicalContext, _ slots: UnsafeMutableRawPointer, isAsync: Bool,
        _ body: (Caller, Parameters) throws -> Output
    ) throws {
        var flat = FlatReader(slots)
        let arguments = try TypedABI.liftParameters(
            Parameters.self, &cx, from: &flat, limit: CanonicalLimits.flatParameters(isAsync: isAsync))
        let result = try body(caller, arguments)
        let limit = CanonicalLimits.flatResults(isAsync: isAsync)
        if Output.abi.usesMemory || Output.abi.flatCount > limit { caller.reload(&cx) }
        var writer = FlatWriter(slots)
        try TypedABI.lowerResult(result, &cx, returnPointer: &flat, into: &writer, limit: limit)
    }

    @inlinable @inline(never)
    static func answerAsync<Parameters: Liftable, Output: Lowerable>(
        _ caller: Caller, _ cx: inout CanonicalContext, _ slots: UnsafeMutableRawPointer,
        _ body: (Caller, Parameters) throws -> Output
    ) throws {
        try answer(caller, &cx, slots, isAsync: true, body)
    }

    /// Defines a function without parameters.
    @inlinable
    public mutating func define<Output: Lowerable>(
        _ name: String, in instance: String? = nil, typed body: @escaping @Sendable (Caller) throws -> Output
    ) {
        define(name, in: instance, parameters: Empty.self, result: Output.self) { caller, _ in try body(caller) }
    }

    /// Defines a function of one parameter.
    @inlinable
    public mutating func define<A: Liftable, Output: Lowerable>(
        _ name: String, in instance: String? = nil, typed body: @escaping @Sendable (Caller, A) throws -> Output
    ) {
        define(name, in: instance, parameters: A.self, result: Output.self) { try body($0, $1) }
    }

    /// Defines a function of two parameters.
    @inlinable
    public mutating func define<A: Liftable, B: Liftable, Output: Lowerable>(
        _ name: String, in instance: String? = nil, typed body: @escaping @Sendable (Caller, A, B) throws -> Output
    ) {
        define(name, in: instance, parameters: Tuple2<A, B>.self, result: Output.self) { try body($0, $1.v0, $1.v1) }
    }

    /// Defines a function of three parameters.
    @inlinable
    public mutating func define<A: Liftable, B: Liftable, C: Liftable, Output: Lowerable>(
        _ name: String, in instance: String? = nil,
        typed body: @escaping @Sendable (Caller, A, B, C) throws -> Output
    ) {
        define(name, in: instance, parameters: Tuple3<A, B, C>.self, result: Output.self) {
            try body($0, $1.v0, $1.v1, $1.v2)
        }
    }

    /// Defines a function without parameters and result.
    @inlinable
    public mutating func define(
        _ name: String, in instance: String? = nil, typed body: @escaping @Sendable (Caller) throws -> Void
    ) {
        define(name, in: instance, parameters: Empty.self, result: Empty.self) { caller, _ in
            try body(caller)
            return Empty()
        }
    }

    /// Defines a function of one parameter and no result.
    @inlinable
    public mutating func define<A: Liftable>(
        _ name: String, in instance: String? = nil, typed body: @escaping @Sendable (Caller, A) throws -> Void
    ) {
        define(name, in: instance, parameters: A.self, result: Empty.self) {
            try body($0, $1)
            return Empty()
        }
    }

    /// Defines a function of two parameters and no result.
    @inlinable
    public mutating func define<A: Liftable, B: Liftable>(
        _ name: String, in instance: String? = nil, typed body: @escaping @Sendable (Caller, A, B) throws -> Void
    ) {
        define(name, in: instance, parameters: Tuple2<A, B>.self, result: Empty.self) {
            try body($0, $1.v0, $1.v1)
            return Empty()
        }
    }

    /// Defines a function of three parameters and no result.
    @inlinable
    public mutating func define<A: Liftable, B: Liftable, C: Liftable>(
        _ name: String, in instance: String? = nil, typed body: @escaping @Sendable (Caller, A, B, C) throws -> Void
    ) {
        define(name, in: instance, parameters: Tuple3<A, B, C>.self, result: Empty.self) {
            try body($0, $1.v0, $1.v1, $1.v2)
            return Empty()
        }
    }

    /// Defines a function with typed parameters and a typed result.
    ///
    /// ```swift
    /// linker.define("add", in: "my:app/math", typed: { (_: Caller, a: Int32, b: Int32) in a &+ b })
    /// ```
    @inlinable
    public mutating func define<each Parameter: Liftable, Output: Lowerable>(
        _ name: String, in instance: String? = nil,
        typed body: @escaping @Sendable (Caller, repeat each Parameter) throws -> Output
    ) {
        var shapes: [TypeShape] = []
        var handles = false
        for type in repeat (each Parameter).self {
            shapes.append(type.shape)
            handles = handles || type.abi.usesHandles
        }
        defineDirect(
            name, in: instance,
            DirectFunction(
                parameters: shapes, parametersAreOne: false, result: Output.shape.payload, usesMemory: true,
                usesHandles: handles
            ) { caller, cx, slots, isAsync in
                var flat = FlatReader(slots)
                let result = try Self.call(
                    caller, &cx, &flat, limit: CanonicalLimits.flatParameters(isAsync: isAsync), body)
                caller.reload(&cx)
                var writer = FlatWriter(slots)
                try TypedABI.lowerResult(
                    result, &cx, returnPointer: &flat, into: &writer,
                    limit: CanonicalLimits.flatResults(isAsync: isAsync))
            })
    }

    /// Defines a function with typed parameters and no result.
    @inlinable
    public mutating func define<each Parameter: Liftable>(
        _ name: String, in instance: String? = nil,
        typed body: @escaping @Sendable (Caller, repeat each Parameter) throws -> Void
    ) {
        define(
            name, in: instance,
            typed: { (caller: Caller, parameters: repeat each Parameter) -> Empty in
                try body(caller, repeat each parameters)
                return Empty()
            })
    }

    @inlinable
    static func call<each Parameter: Liftable, Returned>(
        _ caller: Caller, _ cx: inout CanonicalContext, _ flat: inout FlatReader, limit: Int,
        _ body: (Caller, repeat each Parameter) throws -> Returned
    ) throws -> Returned {
        var layout = ParameterLayout()
        repeat _ = layout.append((each Parameter).abi, cx.is64)
        if layout.flatCount <= limit {
            return try body(caller, repeat try (each Parameter).lift(&cx, from: &flat))
        }
        var next = ParameterLayout()
        next.base = try cx.check(
            flat.nextPointer(cx.is64), size: StaticLayout.align(layout.size, to: layout.alignment),
            alignment: layout.alignment)
        return try body(
            caller, repeat try (each Parameter).load(&cx, at: next.append((each Parameter).abi, cx.is64)))
    }
}

/// Where the parameters lie when they go through memory: a tuple of their types.
@usableFromInline
struct ParameterLayout {
    @usableFromInline var base = 0
    @usableFromInline var size = 0
    @usableFromInline var alignment = 1
    @usableFromInline var flatCount = 0

    @inlinable
    init() {}

    /// Adds a parameter and says where it lies.
    @inlinable
    mutating func append(_ part: StaticLayout, _ is64: Bool) -> Int {
        let offset = StaticLayout.align(size, to: part.alignment(is64))
        size = offset + part.size(is64)
        alignment = max(alignment, part.alignment(is64))
        flatCount += part.flatCount
        return base + offset
    }
}
