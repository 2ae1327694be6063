// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// A function of an instance with its types known at compile time.
///
/// Parameters are one value: the only one, a tuple such as `Tuple2`, or ``Empty``; a function without a result returns
/// ``Empty``. Calls are inlined down to the engine; one of plain numbers allocates nothing.
///
/// ```swift
/// let add = try instance.function("add").typed(parameters: Tuple2<Int32, Int32>.self, result: Int32.self)
/// let three = try add(1, 2)
/// ```
public struct TypedFunction<Parameters: Lowerable, Output: Liftable> {
    /// The function; it keeps the store.
    public let function: Function
    @usableFromInline let core: UnsafeMutablePointer<LiftedFunction>

    @usableFromInline
    init(_ function: Function) {
        self.function = function
        core = function.core
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
    /// - Throws: ``CallError`` for an argument that cannot be passed or when another thread is inside the store, ``Trap`` when
    ///   guest code stops, or what a host function threw.
    @inlinable
    public func call(_ parameters: Parameters) throws -> Output {
        // The store keeps the instance that `core` belongs to.
        defer { withExtendedLifetime(function) {} }
        return Self.isPlain ? try callPlain(parameters) : try callWhole(parameters)
    }

    /// Calls the function and leaves what is in the parameters to the component: an object of the host that nobody else
    /// holds goes as soon as the component drops its handle, and not when the call ends.
    ///
    /// - Throws: ``CallError`` for an argument that cannot be passed or when another thread is inside the store, ``Trap`` when
    ///   guest code stops, or what a host function threw.
    @inlinable
    public func call(giving parameters: consuming Parameters) throws -> Output {
        // The store keeps the instance that `core` belongs to.
        defer { withExtendedLifetime(function) {} }
        var pending: Parameters? = parameters
        return try run { (cx, slots) throws(ABIError) in
            guard let parameters = pending.take() else { return }
            var writer = FlatWriter(slots)
            try TypedABI.lowerParameters(parameters, &cx, into: &writer)
        }
    }

    @inlinable @inline(__always)
    func callPlain(_ parameters: Parameters) throws -> Output {
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
                try parameters.lower(&cx, into: &writer)
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
    func callWhole(_ parameters: Parameters) throws -> Output {
        try run { (cx, slots) throws(ABIError) in
            var writer = FlatWriter(slots)
            try TypedABI.lowerParameters(parameters, &cx, into: &writer)
        }
    }

    @inlinable @inline(__always)
    func run(
        lower: (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void
    ) throws -> Output {
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

extension TypedFunction {
    /// Calls a function of one parameter, or of several in one value.
    ///
    /// - Throws: what ``call(_:)`` throws.
    @inlinable
    public func callAsFunction(_ parameters: Parameters) throws -> Output { try call(parameters) }

    /// Calls a function without parameters.
    ///
    /// - Throws: what ``call(_:)`` throws.
    @inlinable
    public func callAsFunction() throws -> Output where Parameters == Empty { try call(Empty()) }

    /// Calls a function of two parameters.
    ///
    /// - Throws: what ``call(_:)`` throws.
    @inlinable
    public func callAsFunction<A, B>(_ a: A, _ b: B) throws -> Output where Parameters == Tuple2<A, B> {
        try call(Tuple2(a, b))
    }

    /// Calls a function of three parameters.
    ///
    /// - Throws: what ``call(_:)`` throws.
    @inlinable
    public func callAsFunction<A, B, C>(_ a: A, _ b: B, _ c: C) throws -> Output
    where Parameters == Tuple3<A, B, C> {
        try call(Tuple3(a, b, c))
    }

    /// Calls a function of four parameters.
    ///
    /// - Throws: what ``call(_:)`` throws.
    @inlinable
    public func callAsFunction<A, B, C, D>(_ a: A, _ b: B, _ c: C, _ d: D) throws -> Output
    where Parameters == Tuple4<A, B, C, D> {
        try call(Tuple4(a, b, c, d))
    }
}

extension Function {
    /// The function with types known at compile time; they are compared with the component's once, here.
    ///
    /// - Parameters:
    ///   - parameters: the only parameter's type, a tuple such as `Tuple2`, or ``Empty``.
    ///   - result: the result's type, or ``Empty``.
    /// - Throws: ``CallError`` when the types do not fit.
    @inlinable
    public func typed<Parameters: Lowerable, Output: Liftable>(
        parameters: Parameters.Type, result: Output.Type
    ) throws(CallError) -> TypedFunction<Parameters, Output> {
        try check(Parameters.shape, Output.shape)
        return TypedFunction(self)
    }

    /// The function as a typed closure; types are compared once, here.
    ///
    /// ``typed(parameters:result:)`` is quicker to call.
    /// - Throws: ``CallError`` when the types do not fit.
    @inlinable
    public func typed<each Argument: Lowerable, Returned: Liftable>(
        _ arguments: (repeat each Argument).Type, _ returning: Returned.Type
    ) throws(CallError) -> (repeat each Argument) throws -> Returned {
        var shapes: [TypeShape] = []
        repeat shapes.append((each Argument).shape)
        try check(shapes, Returned.shape.payload)
        return { [self] (values: repeat each Argument) throws -> Returned in
            // The store keeps the instance that `core` belongs to.
            defer { withExtendedLifetime(self) {} }
            return try core.run(readsMemory: true) { (cx, slots) throws(ABIError) in
                var layout = ParameterLayout()
                repeat _ = layout.append((each Argument).abi, cx.is64)
                var writer = FlatWriter(slots)
                if layout.flatCount <= CanonicalLimits.maxFlatParameters {
                    repeat try (each values).lower(&cx, into: &writer)
                } else {
                    let pointer = try cx.allocate(
                        alignment: layout.alignment, size: StaticLayout.align(layout.size, to: layout.alignment))
                    var next = ParameterLayout()
                    next.base = Int(truncatingIfNeeded: pointer)
                    repeat try (each values).store(&cx, at: next.append((each Argument).abi, cx.is64))
                    writer.write(pointer)
                }
            } lift: { (cx, slots, limit) throws(ABIError) in
                var reader = FlatReader(slots)
                return try TypedABI.liftResult(Returned.self, &cx, from: &reader, limit: limit)
            }
        }
    }
}
