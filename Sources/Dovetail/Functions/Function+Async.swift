// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// How a call by `callAsync` is made.
@usableFromInline
enum AsyncRoute {
    /// As any other call: nothing in the guest can wait.
    case direct
    /// On the caller's stack: what waits are tasks.
    case task
    /// On a stack of its own.
    case fiber
}

extension UnsafeMutablePointer where Pointee == LiftedFunction {
    @usableFromInline
    var asyncRoute: AsyncRoute {
        let instance = pointee.instance
        guard !instance.pre.mayWait, !instance.store.exclusivity.isRequired else { return .fiber }
        guard pointee.usesTasks else { return .direct }
        // The engine's clock only runs while guest code does.
        return instance.store.configuration.timeout == nil ? .task : .fiber
    }

    @usableFromInline
    nonisolated(nonsending) func callTaskAsync(
        lower: @escaping (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void,
        lift: @escaping (inout CanonicalContext, UnsafeMutableRawPointer, Int) throws(ABIError) -> Void
    ) async throws {
        try await pointee.instance.store.onActor { try await HostCall.runAsync(self, lower: lower, lift: lift) }
    }
}

extension Function {
    /// Calls the function with dynamic values; host functions that wait suspend the guest, not the thread.
    ///
    /// Several such calls may be under way in one store, as long as they are made from one isolation domain.
    /// - Returns: the result, `nil` when the function has none.
    /// - Throws: what ``call(_:)-([Value])`` throws; `CancellationError` when the task is cancelled and the guest ends its own, which it
    ///   is asked to; ``Trap`` with the code `cancelled` when it does not in time, or when the function is not `async`: what it waits
    ///   for is cancelled then, too; ``EngineError`` when the engine gives no stack.
    @discardableResult
    public nonisolated(nonsending) func callAsync(_ arguments: [Value]) async throws -> Value? {
        do {
            switch core.asyncRoute {
            case .direct: return try core.call(arguments)
            case .fiber: return try await store.onFiber { [self] in try core.call(arguments) }
            case .task:
                let layout = core.pointee.layout
                var result: Value??
                try await core.callTaskAsync { (cx, slots) throws(ABIError) in
                    var writer = FlatWriter(slots)
                    try layout.lowerParameters(arguments, &cx, into: &writer)
                } lift: { (cx, slots, limit) throws(ABIError) in
                    var reader = FlatReader(slots)
                    result = .some(try layout.liftResult(&cx, from: &reader, limit: limit))
                }
                guard let result else { throw core.callCancelled() }
                return result
            }
        } catch let error as ABIError {
            throw callError(error)
        }
    }

    /// Calls the function with dynamic values; host functions that wait suspend the guest, not the thread.
    ///
    /// - Throws: what ``callAsync(_:)-([Value])`` throws.
    @discardableResult
    public nonisolated(nonsending) func callAsync(_ arguments: Value...) async throws -> Value? {
        try await callAsync(arguments)
    }

    /// Runs `body`, which calls the function, on a stack of its own.
    @usableFromInline
    nonisolated(nonsending) func onFiber<Result>(_ body: @escaping () throws -> Result) async throws -> Result {
        try await store.onFiber(body)
    }

    /// Begins to run `body`, which calls the function, on a stack of its own.
    @usableFromInline
    func beginOnFiber(
        _ body: @escaping () throws -> Void
    ) throws -> (nonisolated(nonsending) () async throws -> Void)? {
        try store.beginOnFiber(body)
    }
}

extension TypedCall {
    /// Calls the function; host functions that wait suspend the guest, not the thread. See ``Function/callAsync(_:)-([Value])``.
    ///
    /// - Throws: what ``call(_:)`` throws; `CancellationError` or ``Trap`` when the task is cancelled while the guest waits.
    @inlinable
    nonisolated(nonsending) func callAsync(_ parameters: Parameters.Value) async throws -> Output.Value {
        switch core.asyncRoute {
        case .direct: return try call(parameters)
        case .fiber: return try await function.onFiber { try call(parameters) }
        case .task:
            var result: Output.Value?
            do {
                try await core.callTaskAsync { (cx, slots) throws(ABIError) in
                    var writer = FlatWriter(slots)
                    try TypedABI.lowerParameters(Parameters.self, parameters, &cx, into: &writer)
                } lift: { (cx, slots, limit) throws(ABIError) in
                    var reader = FlatReader(slots)
                    result = try TypedABI.liftResult(Output.self, &cx, from: &reader, limit: limit)
                }
            } catch let error as ABIError {
                throw function.callError(error)
            }
            guard let result else { throw core.callCancelled() }
            return result
        }
    }
}
