// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
import DovetailTypes

/// The definitions that components' imports are satisfied with.
///
/// A value: copies are independent, and all of it is `Sendable`, so define once and use it in many tasks. A later definition
/// replaces an earlier one of the same name. Names of interfaces may carry a version; an import of a compatible version finds
/// it (`wasi:io/streams@0.2.12` serves `@0.2.0`).
///
/// ```swift
/// var linker = Linker(engine: engine)
/// linker.define("log", in: "my:app/host") { _, arguments in
///     print(arguments[0])
///     return nil
/// }
/// ```
public struct Linker: Sendable {
    /// The engine of the components to be linked.
    public let engine: Engine
    var root = DefinitionTree()

    /// Makes a linker without definitions.
    public init(engine: Engine) { self.engine = engine }

    /// Defines a function by a closure over dynamic values.
    ///
    /// - Parameters:
    ///   - name: the function's name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for a function imported by itself.
    ///   - body: gets the arguments in order and returns the result, `nil` when there is none. What it throws comes out of the
    ///     host's call.
    public mutating func define(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, [Value]) throws -> Value?
    ) {
        insert(.function(HostFunction(.dynamic(body))), name, in: instance)
    }

    /// Defines an `async` function by a closure over dynamic values; the guest that calls it has to be entered by `callAsync`.
    ///
    /// A guest that calls it asynchronously goes on meanwhile, and several such calls overlap.
    /// - Parameters:
    ///   - name: the function's name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for a function imported by itself.
    ///   - body: gets the arguments in order and returns the result, `nil` when there is none. It runs on the executor of the
    ///     host's call, in a task that is cancelled with that call. What it throws comes out of the call.
    public mutating func define(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, [Value]) async throws -> Value?
    ) {
        insert(.function(HostFunction(.dynamicAsync(body))), name, in: instance)
    }

    /// Defines a resource whose representations the host chooses.
    ///
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - type: the identity of the resource; make handles to it with `Resource`.
    ///   - drop: called with the representation when a guest drops an owned handle.
    public mutating func defineResource(
        _ name: String, in instance: String? = nil, type: ResourceType,
        drop: (@Sendable (Caller, UInt32) throws -> Void)? = nil
    ) {
        if let drop { type.userData = HostDestructor(drop) }
        insert(.resource(type), name, in: instance)
    }

    /// Defines a resource whose objects are instances of a Swift class.
    ///
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - class: the class; handles to its objects are `Own` and `Borrow`.
    ///   - drop: called with the object when a guest drops an owned handle.
    public mutating func defineResource<T: AnyObject>(
        _ name: String, in instance: String? = nil, _ class: T.Type,
        drop: (@Sendable (Caller, T) throws -> Void)? = nil
    ) {
        let type = ResourceType(name: name, hostType: ObjectIdentifier(T.self))
        type.userData = HostDestructor { caller, rep in
            guard let object = caller.store.core.pointee.hostObjects.remove(rep) as? T else { return }
            try drop?(caller, object)
        }
        insert(.resource(type), name, in: instance)
    }

    /// Defines a core module, for components that import one.
    ///
    /// Modules that components import by their SHA-256, as those in Python that share their interpreter do, need not be defined:
    /// they are looked for in the folder `modules` of the user's cache.
    public mutating func defineModule(_ name: String, in instance: String? = nil, _ module: Module) {
        insert(.module(module.core), name, in: instance)
    }

    /// Offers the exports of an instance as imports; components linked with them can only be instantiated in its store.
    public mutating func defineInstance(_ name: String, _ instance: Instance) {
        root.insert(.instance(DefinitionTree(instance.items, instance.state)), at: [name])
    }

    /// Offers each export of an instance under its own name, as ``defineInstance(_:_:)`` does for all of them under one.
    public mutating func defineExports(of instance: Instance) {
        for (name, definition) in DefinitionTree(instance.items, instance.state).entries {
            root.insert(definition, at: [name])
        }
    }

    /// Defines a typed function at the level of its core values.
    @usableFromInline
    mutating func defineDirect(_ name: String, in instance: String?, _ function: DirectFunction) {
        insert(.function(HostFunction(.typed(function))), name, in: instance)
    }

    private mutating func insert(_ definition: Definition, _ name: String, in instance: String?) {
        root.insert(definition, at: Self.path(name, in: instance))
    }

    /// Defines what `component` imports and nothing here satisfies, by functions that throw an ``UnknownImport``.
    ///
    /// For components that are instantiated without being used in full. An interface that is there, but lacks something, is not
    /// completed: linking says what is missing.
    public mutating func defineUnknownImportsAsTraps(_ component: Component) {
        let plan = component.plan
        let known = root
        func isUnknown(_ path: [String]) -> Bool { path.first.map { known.find($0) == nil } ?? false }
        for function in plan.imports.functions where isUnknown(function.path) {
            let name = function.path.joined(separator: "#")
            root.insert(
                .function(HostFunction(.dynamic({ _, _ in throw UnknownImport(name: name) }))), at: function.path)
        }
        for resource in plan.resources {
            guard case .imported(let path) = resource.origin, isUnknown(path) else { continue }
            root.insert(.resource(ResourceType(name: path.last ?? "")), at: path)
        }
    }

    /// Removes a definition or a whole instance, so that it is missing again.
    ///
    /// - Parameters:
    ///   - name: the name, or in full `ns:pkg/iface@1.0.0#function`.
    ///   - instance: the interface or instance it belongs to.
    public mutating func remove(_ name: String, in instance: String? = nil) {
        root.remove(at: Self.path(name, in: instance))
    }

    /// The names from the outermost instance to the definition.
    private static func path(_ name: String, in instance: String?) -> [String] {
        // Few names lie in others, and to look for characters takes as long as all the rest.
        func parts(_ name: String) -> [String] {
            name.utf8.contains(UInt8(ascii: "#")) ? name.split(separator: "#").map(String.init) : [name]
        }
        return (instance.map(parts) ?? []) + parts(name)
    }

    /// Satisfies the imports of `component` once, for many instances.
    /// - Throws: ``LinkError`` with everything that is missing or of another type.
    public func prepare(_ component: Component) throws -> InstancePre {
        // Not `throws(LinkError)`: Swift 6.3 crashes on a `catch let error as LinkError` around a typed throw.
        try InstancePre(component, root)
    }

    /// Makes an instance of `component` in `store`.
    /// - Throws: ``LinkError``, or what ``InstancePre/instantiate(in:)`` throws.
    public func instantiate(_ component: Component, in store: Store) throws -> Instance {
        try prepare(component).instantiate(in: store)
    }
}
