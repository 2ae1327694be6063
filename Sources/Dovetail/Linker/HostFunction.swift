// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
import DovetailTypes

/// A function of the host under a name of the linker.
final class HostFunction: Sendable {
    enum Body: Sendable {
        case dynamic(@Sendable (Caller, [Value]) throws -> Value?)
        case async(@Sendable ([Value]) async throws -> Value?)
        case direct(DirectFunction)
    }

    let body: Body

    init(_ body: Body) { self.body = body }

    /// How the function a component expects differs from this one; `nil` when it fits.
    func difference(from type: FunctionType, in table: TypeTable) -> String? {
        guard case .direct(let function) = body else { return nil }
        let shapes =
            function.parametersAreOne ? function.parameters[0].parameters(of: type, in: table) : function.parameters
        return type.difference(parameters: shapes, result: function.result, in: table)
    }
}

/// A typed function of the host: reads its parameters from core values and writes its result there.
@usableFromInline
final class DirectFunction: Sendable {
    /// Gets the slots with the arguments, and puts the result into them; the flag says whether the call is lowered
    /// asynchronously, so that fewer values are flat.
    @usableFromInline
    typealias Body = @Sendable (Caller, inout CanonicalContext, UnsafeMutableRawPointer, Bool) throws -> Void

    let body: Body
    /// Whether arguments or result refer to memory.
    let usesMemory: Bool
    /// Whether arguments have handles in them.
    let usesHandles: Bool
    let parameters: [TypeShape]
    /// Whether ``parameters`` is one shape for all of them.
    let parametersAreOne: Bool
    let result: TypeShape?

    @usableFromInline
    init(
        parameters: [TypeShape], parametersAreOne: Bool, result: TypeShape?, usesMemory: Bool, usesHandles: Bool,
        _ body: @escaping Body
    ) {
        self.body = body
        self.usesMemory = usesMemory
        self.usesHandles = usesHandles
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
