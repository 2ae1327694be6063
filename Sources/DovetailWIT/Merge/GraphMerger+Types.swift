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
        switch (one, other) {
        case (.record(let a), .record(let b)):
            guard a.map(\.name) == b.map(\.name) else { return false }
            for (x, y) in zip(a, b) where !matches(x.type, y.type, depth: depth) { return false }
            return true
        case (.variant(let a), .variant(let b)):
            guard a.map(\.name) == b.map(\.name) else { return false }
            for (x, y) in zip(a, b) where !matches(x.type, y.type, depth: depth) { return false }
            return true
        case (.flags(let a), .flags(let b)), (.enum(let a), .enum(let b)): return a.map(\.name) == b.map(\.name)
        case (.tuple(let a), .tuple(let b)):
            guard a.count == b.count else { return false }
            for (x, y) in zip(a, b) where !matches(x, y, depth: depth) { return false }
            return true
        case (.option(let a), .option(let b)), (.list(let a), .list(let b)), (.alias(let a), .alias(let b)):
            return matches(a, b, depth: depth)
        case (.fixedLengthList(let a, let m), .fixedLengthList(let b, let n)):
            return m == n && matches(a, b, depth: depth)
        case (.result(let ok, let error), .result(let ok2, let error2)):
            return matches(ok, ok2, depth: depth) && matches(error, error2, depth: depth)
        case (.map(let key, let value), .map(let key2, let value2)):
            return matches(key, key2, depth: depth) && matches(value, value2, depth: depth)
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)): return matches(a, b, depth: depth)
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)): return matches(a, b, depth: depth)
        case (.resource, .resource): return true
        default: return false
        }
    }
}
