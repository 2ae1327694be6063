// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Whether types of both graphs are the same.
extension GraphMerger {
    mutating func matches(_ one: ValueType?, _ other: ValueType?, depth: Int) -> Bool {
        switch (one, other) {
        case (nil, nil): return true
        case (.defined(let a)?, .defined(let b)?): return matches(a, b, depth: depth)
        case (let a?, let b?): return a == b
        default: return false
        }
    }

    private mutating func matches(_ one: TypeID, _ other: TypeID, depth: Int) -> Bool {
        if map.types[one.index] == other || equal.contains(TypePair(from: one, into: other)) { return true }
        let type = from.types[one]
        // A named type is known by its owner; only unnamed ones are told apart by what they are.
        guard type.name == nil, into.types[other].name == nil, depth < WITResolver.maximumDepth,
            matches(type.kind, into.types[other].kind, depth: depth + 1)
        else { return false }
        equal.insert(TypePair(from: one, into: other))
        if map.types[one.index] == nil { map.types[one.index] = other }
        return true
    }

    mutating func matches(_ one: TypeKind, _ other: TypeKind, depth: Int) -> Bool {
        guard let pairs = one.paired(with: other) else { return false }
        for (x, y) in pairs where !matches(x, y, depth: depth) { return false }
        return true
    }
}
