// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

/// All core types of one validation, each recursion group once, so that equal types have equal numbers.
/// (WebAssembly 3.0, "Validation", "Types")
struct CoreTypeStore {
    /// The position of a type in the store; indices inside of stored types are such positions.
    typealias ID = UInt32

    private(set) var types: [CoreSubtype] = []
    private var depths: [Int] = []
    private var groups: [[CoreSubtype]: ID] = [:]
    /// Marks an index that points into the group itself.
    private static let local: UInt32 = 0x8000_0000
    private let features: ComponentFeatures

    init(features: ComponentFeatures = .all) {
        self.features = features
    }

    subscript(_ id: ID) -> CoreSubtype { types[Int(id)] }

    /// The function type `id`, if it is one.
    func function(_ id: ID) -> CoreFunctionType? {
        if case .function(let type) = types[Int(id)].composite { type } else { nil }
    }

    /// Adds a recursion group whose indices mean `space`, behind which its own members follow.
    mutating func add(
        _ group: [CoreSubtype], space: [Scope.CoreType], at offset: Int
    ) throws(BinaryError) -> Range<ID> {
        try checkFeatures(group, at: offset)
        func resolve(_ index: UInt32) throws(BinaryError) -> UInt32 {
            if Int(index) < space.count {
                guard case .type(let id) = space[Int(index)] else {
                    throw .typeMismatch(
                        "core type \(index) is a module type; expected a type of core values", at: offset)
                }
                return id
            }
            let position = Int(index) - space.count
            guard position < group.count, features.contains(.coreGarbageCollection) else {
                throw .unknownIndex(index, "core type", count: space.count + group.count, at: offset)
            }
            return Self.local | UInt32(position)
        }
        var key: [CoreSubtype] = []
        for (position, subtype) in group.enumerated() {
            for supertype in subtype.supertypes where Int(supertype) >= space.count + position {
                throw .unknownIndex(supertype, "core type", count: space.count + position, at: offset)
            }
            key.append(try subtype.mapIndices(resolve))
        }
        if let base = groups[key] { return base..<(base + UInt32(key.count)) }
        let base = UInt32(types.count)
        guard types.count + key.count <= Limits.recursionGroup else {
            throw .limit("core types", maximum: Limits.recursionGroup, at: offset)
        }
        for subtype in key {
            let resolved = try subtype.mapIndices { index throws(BinaryError) in
                index & Self.local == 0 ? index : base + (index & ~Self.local)
            }
            types.append(resolved)
            depths.append(0)
        }
        groups[key] = base
        for position in key.indices { try checkSupertypes(of: base + UInt32(position), at: offset) }
        return base..<(base + UInt32(key.count))
    }

    /// The type of a function that has no supertypes.
    mutating func function(_ parameters: [CoreValueType], _ results: [CoreValueType]) throws(BinaryError) -> ID {
        let type = CoreSubtype(composite: .function(CoreFunctionType(parameters: parameters, results: results)))
        // The indices are positions in the store already.
        if let id = groups[[type]] { return id }
        let id = UInt32(types.count)
        types.append(type)
        depths.append(0)
        groups[[type]] = id
        return id
    }

    /// Adds all types of another store.
    /// - Returns: the number that each of them has here, by its number there.
    mutating func absorb(_ other: CoreTypeStore) throws(BinaryError) -> [ID] {
        var positions = [ID](repeating: 0, count: other.types.count)
        for (key, base) in other.groups.sorted(by: { $0.value < $1.value }) {
            // It is valid: what it refers to lies before it, or in it.
            var group: [CoreSubtype] = []
            for subtype in key {
                group.append(
                    try subtype.mapIndices { index throws(BinaryError) in
                        index & Self.local == 0 ? positions[Int(index)] : index
                    })
            }
            let start = groups[group] ?? UInt32(types.count)
            for position in group.indices { positions[Int(base) + position] = start + UInt32(position) }
            guard groups.updateValue(start, forKey: group) == nil else { continue }
            guard types.count + group.count <= Limits.recursionGroup else {
                throw .limit("core types", maximum: Limits.recursionGroup, at: 0)
            }
            for (position, subtype) in group.enumerated() {
                types.append(
                    try subtype.mapIndices { index throws(BinaryError) in
                        index & Self.local == 0 ? index : start + (index & ~Self.local)
                    })
                depths.append(other.depths[Int(base) + position])
            }
        }
        return positions
    }

    /// Refuses what belongs to a core feature that is switched off.
    private func checkFeatures(_ group: [CoreSubtype], at offset: Int) throws(BinaryError) {
        guard !features.isSuperset(of: [.simd, .referenceTypes, .coreGarbageCollection]) else { return }
        let hasRecursion = features.contains(.coreGarbageCollection)
        for subtype in group {
            guard case .function(let type) = subtype.composite, hasRecursion || subtype.supertypes.isEmpty,
                hasRecursion || (subtype.isFinal && group.count == 1)
            else {
                guard hasRecursion else {
                    throw .feature("a recursive or compound core type", .coreGarbageCollection, at: offset)
                }
                continue
            }
            for value in type.parameters + type.results { try check(value, at: offset) }
        }
    }

    /// Refuses a value type that belongs to a core feature that is switched off.
    func check(_ type: CoreValueType, at offset: Int) throws(BinaryError) {
        switch type {
        case .v128: if !features.contains(.simd) { throw .feature("`v128`", .simd, at: offset) }
        case .reference(let reference):
            guard features.contains(.referenceTypes) else {
                throw .feature("`\(reference.heapType)`", .referenceTypes, at: offset)
            }
        case .i32, .i64, .f32, .f64: break
        }
    }

    private mutating func checkSupertypes(of id: ID, at offset: Int) throws(BinaryError) {
        let type = types[Int(id)]
        for supertype in type.supertypes {
            let parent = types[Int(supertype)]
            guard !parent.isFinal else { throw .invalid("a core subtype cannot have a final supertype", at: offset) }
            guard parent.isShared == type.isShared, isSubtype(type.composite, parent.composite) else {
                throw .typeMismatch("a core subtype does not match its supertype", at: offset)
            }
            depths[Int(id)] = depths[Int(supertype)] + 1
            guard depths[Int(id)] <= Limits.subtypeDepth else {
                throw .nestedTooDeeply("core subtypes", maximum: Limits.subtypeDepth, at: offset)
            }
        }
    }

    /// Whether every value of the type `one` is one of `other`.
    func isSubtype(_ one: ID, _ other: ID) -> Bool {
        var current = one
        while current != other {
            guard let parent = types[Int(current)].supertypes.first, parent != current else { return false }
            // Supertypes come first, so this ends.
            guard parent < current else { return false }
            current = parent
        }
        return true
    }

    private func isSubtype(_ one: CoreCompositeType, _ other: CoreCompositeType) -> Bool {
        switch (one, other) {
        case (.function(let a), .function(let b)):
            a.parameters.count == b.parameters.count && a.results.count == b.results.count
                && zip(a.parameters, b.parameters).allSatisfy { isSubtype($1, $0) }
                && zip(a.results, b.results).allSatisfy { isSubtype($0, $1) }
        case (.structure(let a), .structure(let b)):
            a.count >= b.count && zip(a, b).allSatisfy { isSubtype($0, $1) }
        case (.array(let a), .array(let b)): isSubtype(a, b)
        case (.continuation(let a), .continuation(let b)): isSubtype(a, b)
        default: false
        }
    }

    private func isSubtype(_ one: CoreFieldType, _ other: CoreFieldType) -> Bool {
        guard one.isMutable == other.isMutable else { return false }
        if one.isMutable { return one.storage == other.storage }
        switch (one.storage, other.storage) {
        case (.value(let a), .value(let b)): return isSubtype(a, b)
        default: return one.storage == other.storage
        }
    }

    /// Whether every value of `one` is one of `other`.
    func isSubtype(_ one: CoreValueType, _ other: CoreValueType) -> Bool {
        guard case .reference(let a) = one, case .reference(let b) = other else { return one == other }
        return isSubtype(a, b)
    }

    /// Whether every reference of `one` is one of `other`.
    func isSubtype(_ one: CoreReferenceType, _ other: CoreReferenceType) -> Bool {
        (other.isNullable || !one.isNullable) && isSubtype(one.heapType, other.heapType)
    }

    private func isSubtype(_ one: CoreHeapType, _ other: CoreHeapType) -> Bool {
        switch (one, other) {
        case (.concrete(let a), .concrete(let b)), (.exact(let a), .concrete(let b)): return isSubtype(a, b)
        case (.exact(let a), .exact(let b)): return a == b
        case (.concrete, .exact): return false
        case (.concrete(let a), .abstract(let b, let isShared)), (.exact(let a), .abstract(let b, let isShared)):
            let type = types[Int(a)]
            guard type.isShared == isShared else { return false }
            switch (type.composite, b) {
            case (.function, .function), (.structure, .structure), (.structure, .eq), (.structure, .any),
                (.array, .array), (.array, .eq), (.array, .any), (.continuation, .continuation):
                return true
            default: return false
            }
        case (.abstract(let a, let isShared), .concrete(let b)):
            let type = types[Int(b)]
            guard type.isShared == isShared else { return false }
            switch (a, type.composite) {
            case (.nofunc, .function), (.none, .structure), (.none, .array), (.nocontinuation, .continuation):
                return true
            default: return false
            }
        case (.abstract, .exact): return false
        case (.abstract(let a, let sharedA), .abstract(let b, let sharedB)):
            return sharedA == sharedB && isSubtype(a, b)
        }
    }

    private func isSubtype(_ one: CoreAbstractHeapType, _ other: CoreAbstractHeapType) -> Bool {
        if one == other { return true }
        switch (one, other) {
        case (.none, .i31), (.none, .structure), (.none, .array), (.none, .eq), (.none, .any): return true
        case (.i31, .eq), (.i31, .any), (.structure, .eq), (.structure, .any), (.array, .eq), (.array, .any):
            return true
        case (.eq, .any), (.nofunc, .function), (.noextern, .extern), (.noexn, .exception): return true
        case (.nocontinuation, .continuation): return true
        default: return false
        }
    }
}

extension CoreSubtype {
    /// The subtype with other type indices in it.
    package func movingIndices(_ move: (UInt32) -> UInt32) -> CoreSubtype {
        // Only the map could throw.
        (try? mapIndices { index throws(BinaryError) in move(index) }) ?? self
    }

    /// The subtype with the type indices that `map` gives.
    ///
    /// - Throws: what `map` throws.
    package func mapIndices(_ map: (UInt32) throws(BinaryError) -> UInt32) throws(BinaryError) -> CoreSubtype {
        var result = self
        result.supertypes = []
        for index in supertypes { result.supertypes.append(try map(index)) }
        if let describes { result.describes = try map(describes) }
        if let descriptor { result.descriptor = try map(descriptor) }
        switch composite {
        case .function(let type):
            var mapped = CoreFunctionType(parameters: [], results: [])
            for parameter in type.parameters { mapped.parameters.append(try parameter.mapIndices(map)) }
            for value in type.results { mapped.results.append(try value.mapIndices(map)) }
            result.composite = .function(mapped)
        case .structure(let fields):
            var mapped: [CoreFieldType] = []
            for field in fields { mapped.append(try field.mapIndices(map)) }
            result.composite = .structure(mapped)
        case .array(let field): result.composite = .array(try field.mapIndices(map))
        case .continuation(let index): result.composite = .continuation(try map(index))
        }
        return result
    }
}

extension CoreFieldType {
    fileprivate func mapIndices(_ map: (UInt32) throws(BinaryError) -> UInt32) throws(BinaryError) -> CoreFieldType {
        guard case .value(let type) = storage else { return self }
        return CoreFieldType(storage: .value(try type.mapIndices(map)), isMutable: isMutable)
    }
}

extension CoreValueType {
    package func mapIndices(_ map: (UInt32) throws(BinaryError) -> UInt32) throws(BinaryError) -> CoreValueType {
        guard case .reference(let reference) = self else { return self }
        return .reference(try reference.mapIndices(map))
    }
}

extension CoreReferenceType {
    package func mapIndices(_ map: (UInt32) throws(BinaryError) -> UInt32) throws(BinaryError) -> CoreReferenceType {
        switch heapType {
        case .concrete(let index): CoreReferenceType(isNullable: isNullable, heapType: .concrete(try map(index)))
        case .exact(let index): CoreReferenceType(isNullable: isNullable, heapType: .exact(try map(index)))
        case .abstract: self
        }
    }
}
