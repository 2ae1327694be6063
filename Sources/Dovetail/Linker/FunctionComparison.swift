// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Compares the type of a function that a component imports with that of another component's export.
/// (Explainer.md, "Type Checking")
///
/// Both sides are interned, so a pair of types that was compared once need not be compared again: that keeps
/// types which share their parts quick to compare.
struct FunctionComparison {
    let expected: TypeTable
    /// What the imported resources stand for, by the index of their identifier.
    let expectedResources: [ResourceType?]
    let found: TypeTable
    let foundResources: [ResourceType?]

    private struct Pair: Hashable {
        let expected: ValueType
        let found: ValueType
    }

    /// Whether two value types, or their absence, are the same.
    func areSame(_ one: ValueType?, _ other: ValueType?) -> Bool {
        var known: Set<Pair> = []
        return compare(one, other, "", &known) == nil
    }

    /// The first difference with the path to it; `nil` when the types are the same.
    func difference(expected one: FunctionType, found other: FunctionType) -> String? {
        guard one.isAsync == other.isAsync else {
            return one.isAsync
                ? "expected an async function, found one that is not" : "expected a function that is not async"
        }
        guard one.parameters.count == other.parameters.count else {
            return "expected a function of \(one.parameters.count) parameters, found one of \(other.parameters.count)"
        }
        var known: Set<Pair> = []
        for (a, b) in zip(one.parameters, other.parameters) {
            guard a.name == b.name else { return "expected a parameter `\(a.name)`, found `\(b.name)`" }
            if let text = compare(a.type, b.type, "parameter `\(a.name)`", &known) { return text }
        }
        return compare(one.result, other.result, "result", &known)
    }

    private func compare(
        _ one: ValueType?, _ other: ValueType?, _ path: String, _ known: inout Set<Pair>
    ) -> String? {
        switch (one, other) {
        case (nil, nil): return nil
        case (_?, nil): return "\(path): expected a value, found none"
        case (nil, _?): return "\(path): expected no value, found one"
        case (let one?, let other?): return compare(one, other, path, &known)
        }
    }

    private func compare(_ one: ValueType, _ other: ValueType, _ path: String, _ known: inout Set<Pair>) -> String? {
        let one = expected.dealiased(one)
        let other = found.dealiased(other)
        guard case .defined(let a) = one, case .defined(let b) = other else {
            return one == other ? nil : mismatch(path, one, other)
        }
        // Validation has limited how deep types nest.
        guard known.insert(Pair(expected: one, found: other)).inserted else { return nil }
        switch (expected[a].kind, found[b].kind) {
        case (.record(let a), .record(let b)):
            return compareLabels(a.map(\.name), b.map(\.name), "field", path)
                ?? first(zip(a, b)) { compare($0.type, $1.type, "\(path).\($0.name)", &known) }
        case (.variant(let a), .variant(let b)):
            return compareLabels(a.map(\.name), b.map(\.name), "case", path)
                ?? first(zip(a, b)) { compare($0.type, $1.type, "\(path).\($0.name)", &known) }
        case (.flags(let a), .flags(let b)): return compareLabels(a.map(\.name), b.map(\.name), "flag", path)
        case (.enum(let a), .enum(let b)): return compareLabels(a.map(\.name), b.map(\.name), "case", path)
        case (.tuple(let a), .tuple(let b)) where a.count == b.count:
            return first(zip(a.indices, zip(a, b))) { compare($1.0, $1.1, "\(path).\($0)", &known) }
        case (.option(let a), .option(let b)): return compare(a, b, path + ".some", &known)
        case (.result(let okA, let errorA), .result(let okB, let errorB)):
            return compare(okA, okB, path + ".ok", &known) ?? compare(errorA, errorB, path + ".error", &known)
        case (.list(let a), .list(let b)): return compare(a, b, path + "[]", &known)
        case (.fixedLengthList(let a, let countA), .fixedLengthList(let b, let countB)) where countA == countB:
            return compare(a, b, path + "[]", &known)
        case (.map(let keyA, let valueA), .map(let keyB, let valueB)):
            return compare(keyA, keyB, path + "[].key", &known) ?? compare(valueA, valueB, path + "[].value", &known)
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)):
            return compare(a, b, path + "[]", &known)
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)):
            // A resource that is missing is a problem of its own.
            guard let wanted = resource(expected.resource(a), expectedResources) else { return nil }
            if let given = resource(found.resource(b), foundResources), given === wanted { return nil }
            return "\(path): expected a handle to the resource `\(wanted.name)`, found one to another resource"
        default: return mismatch(path, one, other)
        }
    }

    private func resource(_ id: TypeID, _ types: [ResourceType?]) -> ResourceType? {
        id.index < types.count ? types[id.index] : nil
    }

    private func first<A, B>(_ pairs: Zip2Sequence<A, B>, _ body: (A.Element, B.Element) -> String?) -> String? {
        for (one, other) in pairs {
            if let text = body(one, other) { return text }
        }
        return nil
    }

    private func compareLabels(_ expected: [String], _ found: [String], _ what: String, _ path: String) -> String? {
        for (one, other) in zip(expected, found) where one != other {
            return "\(path): expected \(what) `\(one)`, found `\(other)`"
        }
        guard expected.count != found.count else { return nil }
        return "\(path): expected \(expected.count) \(what)s, found \(found.count)"
    }

    private func mismatch(_ path: String, _ one: ValueType, _ other: ValueType) -> String {
        "\(path): expected \(word(one, expected)), found \(word(other, found))"
    }

    private func word(_ type: ValueType, _ table: TypeTable) -> String {
        if let name = type.primitiveName { return "`\(name)`" }
        return switch table.resolvedKind(of: type) {
        case .record: "a record"
        case .variant: "a variant"
        case .flags: "flags"
        case .enum: "an enum"
        case .tuple(let parts): "a tuple of \(parts.count)"
        case .option: "an option"
        case .result: "a result"
        case .list: "a list"
        case .fixedLengthList(_, let count): "a list of \(count) elements"
        case .map: "a map"
        case .stream: "a stream"
        case .future: "a future"
        case .own: "an owned handle"
        case .borrow: "a borrowed handle"
        case .resource: "a resource"
        case .alias, nil: "another type"
        }
    }
}
