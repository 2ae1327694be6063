// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
package import DovetailTypes

/// A resource type: which one it is, and by which name it is meant.
///
/// Two references are the same type when their identities are equal; the alias tells the names of one resource apart,
/// since only a name that an import or export introduced may be used in the type of another one.
package struct ResourceReference: Hashable, Sendable {
    package let identity: Int
    package var alias: Int
}

/// A value type, resolved. (Binary.md, `valtype`)
package enum ValueNode: Sendable {
    case primitive(ValueType)
    case defined(DefinedNode)
}

/// The structure of a defined value type.
package enum DefinedShape: Sendable {
    case primitive(ValueType)
    case record([(label: String, type: ValueNode)])
    case variant([(label: String, type: ValueNode?)])
    case list(ValueNode)
    case fixedLengthList(ValueNode, UInt32)
    case tuple([ValueNode])
    case flags([String])
    case `enum`([String])
    case option(ValueNode)
    case result(ok: ValueNode?, error: ValueNode?)
    case own(ResourceReference)
    case borrow(ResourceReference)
    case stream(ValueNode?)
    case future(ValueNode?)
    case map(ValueNode, ValueNode)

    /// The types that a value of this one is made of.
    package var children: [ValueNode] {
        switch self {
        case .primitive, .flags, .enum, .own, .borrow: []
        case .record(let fields): fields.map(\.type)
        case .variant(let cases): cases.compactMap(\.type)
        case .list(let element), .fixedLengthList(let element, _), .option(let element): [element]
        case .tuple(let elements): elements
        case .result(let ok, let error): [ok, error].compactMap { $0 }
        case .stream(let payload), .future(let payload): payload.map { [$0] } ?? []
        case .map(let key, let value): [key, value]
        }
    }
}

/// What is known of a type as a whole, so that no check has to walk it again.
package struct TypeFacts: Sendable {
    /// How deep types nest in it, itself included.
    package var depth = 1
    /// How many types it is made of, shared ones counted as often as they occur.
    package var weight = 1
    /// Whether a resource occurs in it.
    package var hasResource = false
    /// Whether a `borrow` occurs in it.
    package var hasBorrow = false
    /// Whether a list or string occurs in it, outside of streams and futures.
    package var hasPointer = false

    mutating func add(_ other: TypeFacts) {
        depth = max(depth, other.depth + 1)
        weight = min(weight + other.weight, Limits.typeSize + 1)
        hasResource = hasResource || other.hasResource
        hasBorrow = hasBorrow || other.hasBorrow
        hasPointer = hasPointer || other.hasPointer
    }
}

/// A defined value type. Its identity is that of a name: an import or export of a type makes a new node.
package final class DefinedNode: Sendable {
    package let shape: DefinedShape
    /// The type that this one is another name of.
    package let origin: DefinedNode?
    package let facts: TypeFacts
    /// Size, alignment and core types with a 32-bit memory.
    let narrow: Measures
    /// Size, alignment and core types with a 64-bit memory.
    let wide: Measures

    init(_ shape: DefinedShape, origin: DefinedNode? = nil) {
        self.shape = shape
        self.origin = origin
        // Another name says nothing new of the type.
        if let origin {
            facts = origin.facts
            (narrow, wide) = (origin.narrow, origin.wide)
            return
        }
        var facts = TypeFacts()
        for child in shape.children { facts.add(child.facts) }
        switch shape {
        case .own: facts.hasResource = true
        case .borrow:
            facts.hasResource = true
            facts.hasBorrow = true
        case .list, .map: facts.hasPointer = true
        case .primitive(.string): facts.hasPointer = true
        case .stream, .future: facts.hasPointer = false
        default: break
        }
        self.facts = facts
        narrow = shape.measures(is64: false)
        wide = shape.measures(is64: true)
    }
}

extension ValueNode {
    package var facts: TypeFacts {
        switch self {
        case .primitive(.string):
            var facts = TypeFacts()
            facts.hasPointer = true
            return facts
        case .primitive: return TypeFacts()
        case .defined(let node): return node.facts
        }
    }

    /// The structure, that of a primitive included.
    package var shape: DefinedShape {
        switch self {
        case .primitive(let type): .primitive(type)
        case .defined(let node): node.shape
        }
    }

    /// The primitive type, if it is one.
    package var primitive: ValueType? {
        if case .primitive(let type) = shape { type } else { nil }
    }
}

/// A function type, resolved.
package final class FunctionNode: Sendable {
    package let isAsync: Bool
    package let parameters: [(label: String, type: ValueNode)]
    package let result: ValueNode?
    package let facts: TypeFacts

    init(isAsync: Bool, parameters: [(label: String, type: ValueNode)], result: ValueNode?) {
        self.isAsync = isAsync
        self.parameters = parameters
        self.result = result
        var facts = TypeFacts()
        for parameter in parameters { facts.add(parameter.type.facts) }
        if let result { facts.add(result.facts) }
        self.facts = facts
    }
}

/// An instance: of an instance type, whose resources are `bound`, or of an existing instance, which has none.
package final class InstanceNode: Sendable {
    package let exports: NamedList<ExternNode>
    /// The resources that each instance of the type has for itself.
    package let bound: [Int]
    package let facts: TypeFacts

    init(exports: NamedList<ExternNode>, bound: [Int]) {
        self.exports = exports
        self.bound = bound
        var facts = TypeFacts()
        for export in exports.entries { facts.add(export.value.facts) }
        self.facts = facts
    }
}

/// A component's type.
package final class ComponentNode: Sendable {
    package let imports: NamedList<ExternNode>
    package let exports: NamedList<ExternNode>
    /// The resources that instantiation is given.
    package let importBound: [Int]
    /// The resources that each instance has for itself.
    package let exportBound: [Int]
    package let facts: TypeFacts

    init(
        imports: NamedList<ExternNode>, exports: NamedList<ExternNode>, importBound: [Int], exportBound: [Int]
    ) {
        self.imports = imports
        self.exports = exports
        self.importBound = importBound
        self.exportBound = exportBound
        var facts = TypeFacts()
        for item in imports.entries { facts.add(item.value.facts) }
        for item in exports.entries { facts.add(item.value.facts) }
        self.facts = facts
    }
}

/// An entry of the type index space.
package enum TypeNode: Sendable {
    case resource(ResourceReference)
    case value(DefinedNode)
    case function(FunctionNode)
    case instance(InstanceNode)
    case component(ComponentNode)

    package var facts: TypeFacts {
        switch self {
        case .resource: TypeFacts(hasResource: true)
        case .value(let node): node.facts
        case .function(let node): node.facts
        case .instance(let node): node.facts
        case .component(let node): node.facts
        }
    }

    package var description: String {
        switch self {
        case .resource: "resource"
        case .value: "value type"
        case .function: "function type"
        case .instance: "instance type"
        case .component: "component type"
        }
    }
}

/// The type of an import or export.
package enum ExternNode: Sendable {
    case module(ModuleNode)
    case function(FunctionNode)
    case value(ValueNode)
    case type(TypeNode)
    case instance(InstanceNode)
    case component(ComponentNode)

    package var facts: TypeFacts {
        switch self {
        case .module(let node): node.facts
        case .function(let node): node.facts
        case .value(let node): node.facts
        case .type(let node): node.facts
        case .instance(let node): node.facts
        case .component(let node): node.facts
        }
    }

    package var description: String {
        switch self {
        case .module: "core module"
        case .function: "function"
        case .value: "value"
        case .type: "type"
        case .instance: "instance"
        case .component: "component"
        }
    }
}
