// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
public import DovetailTypes

/// A function of an instance.
public final class Function {
    /// The name it was looked up by.
    public let name: String
    /// The store of its instance.
    public let store: Store
    @usableFromInline let core: UnsafeMutablePointer<LiftedFunction>

    init(name: String, store: Store, function: UnsafeMutablePointer<LiftedFunction>) {
        self.name = name
        self.store = store
        core = function
    }

    /// The function's type.
    public var type: FunctionType { core.pointee.type }

    /// The table that the types in ``type`` refer to.
    public var types: TypeTable { core.pointee.instance.pre.component.plan.types }

    /// Calls the function with dynamic values.
    ///
    /// - Returns: the result, `nil` when the function has none.
    /// - Throws: ``CallError`` for an argument that does not fit, with the path to it, or when another thread is inside the store;
    ///   ``Trap`` when guest code stops; or what a host function threw. An `ABIError` or `CancellationError` of a host function
    ///   is the cause of a ``Trap``.
    @discardableResult
    public func call(_ arguments: [Value]) throws -> Value? {
        do {
            return try core.call(arguments)
        } catch let error as ABIError {
            throw callError(error)
        }
    }

    /// Calls the function with dynamic values.
    ///
    /// - Throws: what ``call(_:)-([Value])`` throws.
    @discardableResult
    public func call(_ arguments: Value...) throws -> Value? { try call(arguments) }

    /// An argument that cannot be passed, with the function's name.
    @usableFromInline @inline(never)
    func callError(_ error: ABIError) -> CallError { .argument(name, error) }

    /// Compares the types that Swift code represents with the function's own.
    @usableFromInline
    func check(_ parameters: [TypeShape], _ result: TypeShape?) throws(CallError) {
        if let difference = type.difference(parameters: parameters, result: result, in: types) {
            throw .typeMismatch(name, difference)
        }
    }
}

extension TypeShape {
    /// The shapes of parameters that are passed as one value: a tuple's parts, unless `type` has a tuple for its only one.
    func parameters(of type: FunctionType, in table: TypeTable) -> [TypeShape] {
        guard case .tuple(let parts) = self else { return [self] }
        guard type.parameters.count == 1, difference(from: type.parameters[0].type, in: table) == nil else {
            return parts
        }
        return [self]
    }
}

extension FunctionType {
    /// How the function differs from what Swift code represents, as a path and what was expected and found there.
    func difference(parameters shapes: [TypeShape], result: TypeShape?, in table: TypeTable) -> String? {
        guard shapes.count == parameters.count else {
            return "expected a function of \(parameters.count) parameters, found one of \(shapes.count)"
        }
        for (shape, parameter) in zip(shapes, parameters) {
            if let difference = shape.difference(from: parameter.type, in: table) {
                return "parameter `\(parameter.name)`: \(difference)"
            }
        }
        switch (result, self.result) {
        case (nil, nil): return nil
        case (let shape?, let wanted?): return shape.difference(from: wanted, in: table).map { "result: \($0)" }
        case (nil, _?): return "expected a function with a result, found one without"
        case (_?, nil): return "expected a function without a result, found one with a result"
        }
    }
}
