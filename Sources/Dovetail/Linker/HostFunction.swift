// SPDX-License-Identifier: Apache-2.0

package import DovetailABI
import DovetailTypes

/// A function of the host under a name of the linker.
package final class HostFunction: Sendable {
    /// A typed function: reads its parameters from the slots, writes its result there.
    package typealias Direct = @Sendable (Caller, inout CanonicalContext, UnsafeMutableRawPointer) throws -> Void

    package enum Body: Sendable {
        case dynamic(@Sendable (Caller, [Value]) throws -> Value?)
        case async(@Sendable ([Value]) async throws -> Value?)
        case direct(Direct, parameters: [TypeShape], result: TypeShape?)
    }

    let body: Body

    package init(_ body: Body) { self.body = body }

    /// How the function a component expects differs from this one; `nil` when it fits.
    func difference(from type: FunctionType, in table: TypeTable) -> String? {
        guard case .direct(_, let parameters, let result) = body else { return nil }
        guard parameters.count == type.parameters.count else {
            return "expected a function of \(type.parameters.count) parameters, found one of \(parameters.count)"
        }
        for (shape, parameter) in zip(parameters, type.parameters) {
            if let text = shape.difference(from: parameter.type, in: table) {
                return "parameter `\(parameter.name)`: \(text)"
            }
        }
        switch (result, type.result) {
        case (nil, nil): return nil
        case (let shape?, let wanted?): return shape.difference(from: wanted, in: table).map { "result: \($0)" }
        case (nil, _?): return "expected a function with a result, found one without"
        case (_?, nil): return "expected a function without a result, found one with a result"
        }
    }
}

/// The destructor of a host resource.
final class HostDestructor: ResourceDestructor {
    private let body: @Sendable (Caller, UInt32) throws -> Void

    init(_ body: @escaping @Sendable (Caller, UInt32) throws -> Void) { self.body = body }

    func destroy(_ rep: UInt32, in store: Store) throws { try body(Caller(store: store), rep) }
}
