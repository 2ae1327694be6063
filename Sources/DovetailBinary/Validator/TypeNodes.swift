// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// A resource type: which one it is, and by which name it is meant.
///
/// Two references are the same type when their identities are equal; the alias tells the names of one resource apart,
/// since only a name that an import or export introduced may be used in the type of another one.
package struct ResourceReference: Hashable, Sendable {
    package var identity: Int
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
    /// Size and alignment in a memory of `i64` addresses, which is the greater one. (CanonicalABI.md, "Element Size")
    package let size: UInt64
    package let alignment: UInt64

    init(_ shape: DefinedShape, origin: DefinedNode? = nil) {
        self.shape = shape
        self.origin = origin
        // Another name says nothing new of the type.
        if let origin {
            facts = origin.facts
            (size, alignment) = (origin.size, origin.alignment)
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
        (size, alignment) = MemorySize.of(shape)
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

/// The size of values in memory, saturating far above what is accepted. (CanonicalABI.md, "Element Size")
enum MemorySize {
    private static let most: UInt64 = 1 << 40

    static func of(_ node: ValueNode) -> (size: UInt64, alignment: UInt64) {
        switch node {
        case .primitive(let type): of(type)
        case .defined(let node): (node.size, node.alignment)
        }
    }

    private static func of(_ type: ValueType) -> (size: UInt64, alignment: UInt64) {
        switch type {
        case .bool, .u8, .s8: (1, 1)
        case .u16, .s16: (2, 2)
        case .u32, .s32, .f32, .char, .errorContext: (4, 4)
        case .u64, .s64, .f64: (8, 8)
        case .string: (16, 8)
        case .defined: (0, 1)
        }
    }

    static func of(_ shape: DefinedShape) -> (size: UInt64, alignment: UInt64) {
        switch shape {
        case .primitive(let type): of(type)
        case .record(let fields): sequence(fields.map(\.type))
        case .tuple(let elements): sequence(elements)
        case .variant(let cases): variant(cases.map(\.type))
        case .list, .map: (16, 8)
        case .fixedLengthList(let element, let count): fixed(of(element), count: count)
        case .flags(let labels): labels.count <= 8 ? (1, 1) : labels.count <= 16 ? (2, 2) : (4, 4)
        case .enum(let labels): discriminant(labels.count)
        case .option(let payload): variant([nil, payload])
        case .result(let ok, let error): variant([ok, error])
        case .own, .borrow, .stream, .future: (4, 4)
        }
    }

    private static func fixed(
        _ element: (size: UInt64, alignment: UInt64), count: UInt32
    ) -> (size: UInt64, alignment: UInt64) {
        let (size, overflow) = element.size.multipliedReportingOverflow(by: UInt64(count))
        return (overflow ? most : min(size, most), element.alignment)
    }

    private static func align(_ offset: UInt64, _ alignment: UInt64) -> UInt64 {
        (offset + alignment - 1) / alignment * alignment
    }

    private static func sequence(_ types: [ValueNode]) -> (size: UInt64, alignment: UInt64) {
        var offset: UInt64 = 0
        var alignment: UInt64 = 1
        for type in types {
            let part = of(type)
            offset = min(align(offset, part.alignment) + part.size, most)
            alignment = max(alignment, part.alignment)
        }
        return (align(offset, alignment), alignment)
    }

    private static func discriminant(_ count: Int) -> (size: UInt64, alignment: UInt64) {
        count <= 256 ? (1, 1) : count <= 65_536 ? (2, 2) : (4, 4)
    }

    private static func variant(_ payloads: [ValueNode?]) -> (size: UInt64, alignment: UInt64) {
        let head = discriminant(payloads.count)
        var alignment = head.alignment
        var largest: UInt64 = 0
        for case let payload? in payloads {
            let part = of(payload)
            alignment = max(alignment, part.alignment)
            largest = max(largest, part.size)
        }
        var payloadAlignment: UInt64 = 1
        for case let payload? in payloads { payloadAlignment = max(payloadAlignment, of(payload).alignment) }
        return (min(align(align(head.size, payloadAlignment) + largest, alignment), most), alignment)
    }
}
