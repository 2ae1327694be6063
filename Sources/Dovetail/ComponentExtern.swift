// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// An import or export of a component: a name, and what it stands for.
public struct ComponentExtern: Sendable {
    /// The name: `add`, or in full `ns:pkg/iface@1.0.0`.
    public let name: String
    /// What is imported or exported.
    public let type: ExternType
}

/// What a component imports or exports under a name (wasmtime calls it `ComponentItem`).
///
/// The types in it refer to ``Component/types``.
public enum ExternType: Sendable {
    /// A function.
    case function(FunctionType)
    /// An instance: an interface, or a bundle of exports.
    case instance(ComponentInstanceType)
    /// A resource type.
    case resource(TypeID)
    /// A type of values.
    case type(ValueType)
    /// The type of a function, an instance or a component, which has a name but no value.
    case externType
    /// A core module.
    case module
    /// A component.
    case component
}

/// The exports of an instance that a component imports or exports.
public struct ComponentInstanceType: Sendable {
    private let items: InstanceItems

    init(_ items: InstanceItems) { self.items = items }

    /// What the instance exports, in order.
    ///
    /// Made when it is asked for: instances within instances may be shared, and all of them written out be large.
    public var exports: [ComponentExtern] {
        items.names.compactMap { name in items[name].map { ComponentExtern(name: name, type: ExternType($0)) } }
    }
}

extension ExternType {
    init(_ item: Item) {
        switch item {
        case .function(let function): self = .function(function.type)
        case .instance(let items): self = .instance(ComponentInstanceType(items))
        case .type(.resource(let id)): self = .resource(id)
        case .type(.value(let type)): self = .type(type)
        case .type: self = .externType
        case .module: self = .module
        case .component: self = .component
        }
    }
}

extension Component {
    /// What the component needs, in order; known before anything is instantiated.
    public var imports: [ComponentExtern] {
        plan.imports.roots.map { ComponentExtern(name: $0.name, type: ExternType($0.item)) }
    }

    /// What the component offers, in order.
    ///
    /// ```swift
    /// for export in component.exports {
    ///     if case .function(let type) = export.type { print(export.name, type.parameters.map(\.name)) }
    /// }
    /// ```
    public var exports: [ComponentExtern] { ComponentInstanceType(plan.exports).exports }

    /// The definitions that the types of imports and exports refer to.
    public var types: TypeTable { plan.types }
}
