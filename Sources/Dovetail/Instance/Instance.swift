// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
public import DovetailTypes

/// An instance of a component: its exports, to be called.
public final class Instance {
    /// The store the instance lives in.
    public let store: Store
    let state: InstanceState
    let items: InstanceItems

    init(_ state: InstanceState, _ items: InstanceItems) {
        store = state.store
        self.state = state
        self.items = items
    }

    /// The names of the exports, in order.
    public var exportNames: [String] { items.names }

    /// The exported function `name`, by itself or in an exported instance.
    ///
    /// - Parameters:
    ///   - name: `add`, or in full `ns:pkg/iface@1.0.0#add`.
    ///   - instance: the exported interface or instance it belongs to; a compatible version of an interface is found too.
    /// - Throws: ``ExportError`` when there is no such function.
    public func function(_ name: String, in instance: String? = nil) throws(ExportError) -> Function {
        var path: [String] = instance.map { [$0] } ?? []
        path += name.split(separator: "#").map(String.init)
        guard let found = find(path), case .function(let item) = found else {
            throw ExportError(name: path.joined(separator: "#"), known: functionNames)
        }
        return try function(item, name: path.joined(separator: "#"))
    }

    private func function(_ item: FunctionItem, name: String) throws(ExportError) -> Function {
        switch item.source {
        case .lifted(let index):
            guard let lifted = state.lifted[index] else { throw ExportError(name: name, known: functionNames) }
            return Function(name: name, store: store, function: lifted, types: state.prepared.component.plan.types)
        case .imported(let index):
            guard case .guest(let reference) = state.prepared.functions[index] else {
                throw ExportError(name: name, known: functionNames, isHostFunction: true)
            }
            return Function(
                name: name, store: store, function: reference.function,
                types: reference.function.instance.prepared.component.plan.types)
        }
    }

    private func find(_ path: [String]) -> Item? {
        var items = items
        for (position, name) in path.enumerated() {
            guard let found = items.find(name) else { return nil }
            if position == path.count - 1 { return found }
            guard case .instance(let nested) = found else { return nil }
            items = nested
        }
        return nil
    }

    /// The full names of all exported functions.
    public var functionNames: [String] {
        func names(_ items: InstanceItems, _ prefix: String) -> [String] {
            items.names.flatMap { name -> [String] in
                switch items[name] {
                case .function: [prefix + name]
                case .instance(let nested): names(nested, prefix + name + "#")
                default: []
                }
            }
        }
        return names(items, "")
    }

    /// The identity of an exported resource type.
    public func resourceType(_ name: String, in instance: String? = nil) -> ResourceType? {
        let path = (instance.map { [$0] } ?? []) + name.split(separator: "#").map(String.init)
        guard case .type(.resource(let id))? = find(path) else { return nil }
        return state.resourceTypes[id.index]
    }
}

extension InstanceItems {
    /// The item for a name: this very one, else the newest of a compatible version.
    func find(_ name: String) -> Item? {
        if let exact = self[name] { return exact }
        if let wanted = VersionedName(name) {
            let candidates = names.compactMap { key in VersionedName(key).map { (key, $0) } }
                .filter { $0.1.base == wanted.base && $0.1.track == wanted.track }
            return candidates.max { $0.1.version < $1.1.version }.flatMap { self[$0.0] }
        }
        // A name without a version fits any, when it is the only one.
        let candidates = names.filter { VersionedName($0)?.base ?? "" == name[...] }
        return candidates.count == 1 ? self[candidates[0]] : nil
    }
}

/// A function of an instance.
public final class Function {
    /// The name it was looked up by.
    public let name: String
    /// The store of its instance.
    public let store: Store
    @usableFromInline let state: LiftedFunctionState
    /// The table that the types in ``type`` refer to.
    public let types: TypeTable

    init(name: String, store: Store, function: LiftedFunctionState, types: TypeTable) {
        self.name = name
        self.store = store
        state = function
        self.types = types
    }

    /// The function's type.
    public var type: FunctionType { state.type }

    /// Calls the function with dynamic values.
    ///
    /// - Returns: the result, `nil` when the function has none.
    /// - Throws: `ABIError` for an argument that does not fit, with the path to it; ``Trap``; or what a host function threw.
    @discardableResult
    public func call(_ arguments: [Value]) throws -> Value? {
        do {
            return try state.call(arguments)
        } catch let error as ABIError {
            throw CallError(function: name, error: error)
        }
    }

    /// Calls the function with dynamic values.
    @discardableResult
    public func call(_ arguments: Value...) throws -> Value? { try call(arguments) }

    /// Calls the function with Swift values whose types stand for the component's.
    ///
    /// - Throws: ``TypeMismatch`` when the types do not fit, and all that ``call(_:)-([Value])`` throws.
    @inlinable
    public func call<each Argument: Lowerable, Returned: Liftable>(
        _ arguments: repeat each Argument, returning: Returned.Type
    ) throws -> Returned {
        try typed((repeat (each Argument)).self, Returned.self)(repeat each arguments)
    }

    /// The function as a typed closure; types are compared once, here.
    ///
    /// ```swift
    /// let add = try instance.function("add").typed((Int32, Int32).self, Int32.self)
    /// let three = try add(1, 2)
    /// ```
    /// - Throws: ``TypeMismatch`` when the types do not fit.
    @inlinable
    public func typed<each Argument: Lowerable, Returned: Liftable>(
        _ arguments: (repeat each Argument).Type, _ returning: Returned.Type
    ) throws(TypeMismatch) -> (repeat each Argument) throws -> Returned {
        var shapes: [TypeShape] = []
        repeat shapes.append((each Argument).shape)
        try check(shapes, Returned.shape)
        let state = state
        return { [store] (values: repeat each Argument) throws -> Returned in
            // The store keeps the instance that `state` belongs to.
            defer { withExtendedLifetime(store) {} }
            return try state.run { (cx, slots) throws(ABIError) in
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
            } lift: { (cx, slots) throws(ABIError) in
                var reader = FlatReader(slots)
                guard Returned.abi.flatCount > CanonicalLimits.maxFlatResults else {
                    return try Returned.lift(&cx, from: &reader)
                }
                let offset = try cx.check(
                    reader.nextPointer(cx.is64), size: Returned.abi.size(cx.is64),
                    alignment: Returned.abi.alignment(cx.is64))
                return try Returned.load(&cx, at: offset)
            }
        }
    }

    @usableFromInline
    func check(_ parameters: [TypeShape], _ result: TypeShape) throws(TypeMismatch) {
        guard parameters.count == type.parameters.count else {
            throw TypeMismatch(
                function: name, message: "expected \(type.parameters.count) parameters, found \(parameters.count)")
        }
        for (shape, parameter) in zip(parameters, type.parameters) {
            if let difference = shape.difference(from: parameter.type, in: types) {
                throw TypeMismatch(function: name, message: "parameter `\(parameter.name)`: \(difference)")
            }
        }
        guard let wanted = type.result else {
            throw TypeMismatch(function: name, message: "the function has no result")
        }
        if let difference = result.difference(from: wanted, in: types) {
            throw TypeMismatch(function: name, message: "result: \(difference)")
        }
    }
}
