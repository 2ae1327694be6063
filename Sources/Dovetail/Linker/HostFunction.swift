// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
import DovetailTypes

/// A function of the host under a name of the linker.
final class HostFunction: Sendable {
    typealias AsyncBody = nonisolated(nonsending) @Sendable (Caller, [Value]) async throws -> Value?

    enum Body: Sendable {
        case typed(DirectFunction)
        case dynamic(@Sendable (Caller, [Value]) throws -> Value?)
        case dynamicAsync(AsyncBody)
    }

    let body: Body

    init(_ body: Body) { self.body = body }

    /// Whether it runs beside guests that call it asynchronously.
    var isAsync: Bool {
        switch body {
        case .typed(let function): function.start != nil
        case .dynamic: false
        case .dynamicAsync: true
        }
    }

    /// How the function a component expects differs from this one; `nil` when it fits.
    func difference(from type: FunctionType, in table: TypeTable) -> String? {
        guard case .typed(let function) = body else { return nil }
        let shapes =
            function.parametersAreOne ? function.parameters[0].parameters(of: type, in: table) : function.parameters
        return type.difference(parameters: shapes, result: function.result, in: table)
    }

    /// The function as an import of this type calls it.
    func direct(_ layout: FunctionLayout) -> DirectFunction {
        switch body {
        case .typed(let function): function
        case .dynamic(let body):
            DirectFunction { site, slots, isAsync in
                site.refresh()
                try site.lending { cx in
                    var flat = FlatReader(slots)
                    let caller = site.pointee.caller
                    let arguments = try layout.liftParameters(
                        &cx, from: &flat, limit: CanonicalLimits.flatParameters(isAsync: isAsync))
                    let result = try body(caller, arguments)
                    caller.reload(&cx)
                    var writer = FlatWriter(slots)
                    try layout.lowerResult(
                        result, &cx, returnPointer: &flat, into: &writer,
                        limit: CanonicalLimits.flatResults(isAsync: isAsync))
                }
            }
        case .dynamicAsync(let body):
            DirectFunction(start: { caller, cx, flat, isAsync in
                let arguments = try layout.liftParameters(
                    &cx, from: &flat, limit: CanonicalLimits.flatParameters(isAsync: isAsync))
                return {
                    let result = try await body(caller, arguments)
                    return { cx, flat, slots, isAsync in
                        var writer = FlatWriter(slots)
                        try layout.lowerResult(
                            result, &cx, returnPointer: &flat, into: &writer,
                            limit: CanonicalLimits.flatResults(isAsync: isAsync))
                    }
                }
            })
        }
    }
}

/// A function of the host at the level of core values: lifts its arguments, runs, and lowers its result.
@usableFromInline
final class DirectFunction: Sendable {
    /// Gets the slots with the arguments, and puts the result into them; the flag says whether the call is lowered
    /// asynchronously, so that fewer values are flat.
    @usableFromInline
    typealias Body = @Sendable (UnsafePointer<CallSite>, UnsafeMutableRawPointer, Bool) throws -> Void
    /// Lifts the arguments of an async function and leaves the reader at the place for the result.
    @usableFromInline
    typealias Start = @Sendable (Caller, inout CanonicalContext, inout FlatReader, Bool) throws -> Run
    /// The call of an async function, on the executor of the host's call.
    @usableFromInline
    typealias Run = nonisolated(nonsending) () async throws -> Lower
    /// Lowers the result of an async function.
    @usableFromInline
    typealias Lower = (inout CanonicalContext, inout FlatReader, UnsafeMutableRawPointer, Bool) throws -> Void

    /// The whole call; that of an async function suspends the guest while it runs.
    let body: Body
    /// The beginning of an async function's call, for callers that go on while it runs.
    let start: Start?
    let parameters: [TypeShape]
    /// Whether ``parameters`` is one shape for all of them.
    let parametersAreOne: Bool
    let result: TypeShape?

    @usableFromInline
    init(
        parameters: [TypeShape] = [], parametersAreOne: Bool = false, result: TypeShape? = nil,
        _ body: @escaping Body
    ) {
        self.body = body
        start = nil
        self.parameters = parameters
        self.parametersAreOne = parametersAreOne
        self.result = result
    }

    @usableFromInline
    init(
        parameters: [TypeShape] = [], parametersAreOne: Bool = false, result: TypeShape? = nil,
        start: @escaping Start
    ) {
        self.start = start
        body = { site, slots, isAsync in
            site.refresh()
            try site.lending { cx in
                var flat = FlatReader(slots)
                let caller = site.pointee.caller
                let run = try start(caller, &cx, &flat, isAsync)
                let lower = try caller.store.waitForResult(run)
                caller.reload(&cx)
                try lower(&cx, &flat, slots, isAsync)
            }
        }
        self.parameters = parameters
        self.parametersAreOne = parametersAreOne
        self.result = result
    }
}

/// The destructor of a host resource.
final class HostDestructor: ResourceDestructor {
    private let body: @Sendable (Caller, UInt32) throws -> Void

    init(_ body: @escaping @Sendable (Caller, UInt32) throws -> Void) { self.body = body }

    func destroy(_ rep: UInt32, in store: Store) throws { try body(Caller(store), rep) }
}
