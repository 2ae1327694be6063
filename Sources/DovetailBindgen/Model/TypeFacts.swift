// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// What generators ask about the types of a table; found out for all of them in one pass.
package struct TypeFacts {
    /// Properties that values of a type have when any of their parts has them.
    private struct Properties: OptionSet {
        let rawValue: UInt8
        /// Handles, streams, futures or error contexts.
        static let handles = Properties(rawValue: 1)
        /// Handles that own their resource.
        static let ownedHandles = Properties(rawValue: 2)
        /// Parts behind pointers.
        static let memory = Properties(rawValue: 4)
        /// Tuples that are no part of a record or variant inside.
        static let tuples = Properties(rawValue: 8)
        /// Streams, futures or error contexts.
        static let streams = Properties(rawValue: 16)
        /// Tuples anywhere inside.
        static let innerTuples = Properties(rawValue: 32)
    }

    private let types: TypeTable
    private var properties: [Properties] = []
    /// How many parts each type is written with, up to ``mostParts`` and one.
    private var parts: [Int] = []
    /// What each type stands for, through all aliases.
    private var targets: [ValueType] = []
    /// The named types that stand in the error place of a `result`.
    private(set) var errors: Set<TypeID> = []

    init(_ types: TypeTable) {
        self.types = types
        properties.reserveCapacity(types.definitions.count)
        targets.reserveCapacity(types.definitions.count)
        for (index, definition) in types.definitions.enumerated() {
            properties.append(own(definition.kind))
            parts.append(definition.kind.parts.reduce(1) { min(Self.mostParts + 1, $0 + size(of: $1)) })
            if case .alias(let target) = definition.kind {
                targets.append(dealiased(target))
            } else {
                targets.append(.defined(TypeID(index)))
            }
            if case .result(_, let error?) = definition.kind, case .defined(let id) = dealiased(error),
                types[id].name != nil
            {
                switch types[id].kind {
                case .record, .variant, .enum, .flags: errors.insert(id)
                default: break
                }
            }
        }
    }

    private func own(_ kind: TypeKind) -> Properties {
        switch kind {
        case .own: [.handles, .ownedHandles]
        // What runs through a stream later is no part of the value.
        case .stream, .future: [.handles, .streams]
        case .borrow, .resource: .handles
        case .list, .map: parts(kind).union(.memory)
        case .record, .variant: parts(kind).subtracting(.tuples)
        case .tuple: parts(kind).union([.tuples, .innerTuples])
        case .flags, .enum, .option, .result, .fixedLengthList, .alias: parts(kind)
        }
    }

    /// What the parts have together; they stand in front of what they are part of.
    private func parts(_ kind: TypeKind) -> Properties {
        kind.parts.reduce(into: []) { $0.formUnion(self[$1]) }
    }

    private subscript(type: ValueType) -> Properties {
        switch type {
        case .defined(let id): properties.indices.contains(id.index) ? properties[id.index] : []
        case .errorContext: [.handles, .streams]
        case .string: .memory
        default: []
        }
    }

    /// How many parts a type may be written with: one without names stands wherever it is used, with all of its parts.
    static let mostParts = 1000

    /// How many parts the structure of a named type, or a type without a name, is written with.
    func size(ofStructure id: TypeID) -> Int { parts.indices.contains(id.index) ? parts[id.index] : 1 }

    /// How many parts a type is written with where it is used.
    func size(of type: ValueType) -> Int {
        guard case .defined(let id) = type, types[id].name == nil else { return 1 }
        return size(ofStructure: id)
    }

    /// The type without the aliases around it.
    package func dealiased(_ type: ValueType) -> ValueType {
        guard case .defined(let id) = type, targets.indices.contains(id.index) else { return type }
        return targets[id.index]
    }

    /// The kind of a type without the aliases around it; `nil` for a primitive.
    package func kind(of type: ValueType) -> TypeKind? {
        if case .defined(let id) = dealiased(type) { types[id].kind } else { nil }
    }

    /// The resource that a name stands for.
    package func resource(_ id: TypeID) -> TypeID {
        if case .defined(let target) = dealiased(.defined(id)) { target } else { id }
    }

    /// Whether values of the type hold handles, streams, futures or error contexts.
    package func holdsHandles(_ type: ValueType) -> Bool { self[type].contains(.handles) }

    /// Whether values of the type hold handles that own their resource.
    package func ownsHandles(_ type: ValueType) -> Bool { self[type].contains(.ownedHandles) }

    /// Whether values of the type are or hold streams, futures or error contexts.
    package func holdsStreams(_ type: ValueType) -> Bool { self[type].contains(.streams) }

    /// Whether values of the type are or hold tuples, those inside of records and variants not counted.
    package func holdsTuples(_ type: ValueType) -> Bool { self[type].contains(.tuples) }

    /// Whether values of the type are or hold tuples, wherever.
    package func containsTuples(_ type: ValueType) -> Bool { self[type].contains(.innerTuples) }

    /// Whether values of the type have parts in memory behind pointers.
    func usesMemory(_ type: ValueType) -> Bool { self[type].contains(.memory) }
}
