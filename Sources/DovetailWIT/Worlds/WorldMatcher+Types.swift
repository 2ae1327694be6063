// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

// Functions and types have to be equal; the names of types do not matter.
extension WorldMatcher {
    /// Compares two types of one name.
    mutating func match(named have: TypeID, _ need: TypeID) {
        let isResource = supplied.graph.types.resolvedKind(of: .defined(have)) == .resource
        guard (wanted.graph.types.resolvedKind(of: .defined(need)) == .resource) == isResource else {
            return report(
                isResource ? "expected a value type, found a resource" : "expected a resource, found a value type")
        }
        guard isResource else { return match(.defined(have), .defined(need), depth: 0) }
        let identity = wanted.identity(need)
        let found = supplied.identity(have)
        // The first name of a resource decides which one it is; further names must agree.
        if isOwn(have, supplied), isOwn(need, wanted), resources[identity] == nil {
            resources[identity] = found
        } else if !sameResource(have, need) {
            report("it is another resource")
        }
    }

    /// Whether a resource is declared under this name, not taken from another interface.
    private func isOwn(_ id: TypeID, _ side: Side) -> Bool {
        if case .resource = side.graph.types[id].kind { true } else { false }
    }

    /// Compares two functions.
    mutating func match(_ have: FunctionDefinition, _ need: FunctionDefinition) {
        if have.isAsync != need.isAsync {
            report(
                need.isAsync
                    ? "expected an async function, found one that is not" : "expected a function that is not async")
        }
        guard have.parameters.count == need.parameters.count else {
            return report("expected \(need.parameters.count) parameters, found \(have.parameters.count)")
        }
        for (a, b) in zip(have.parameters, need.parameters) {
            within("parameter `\(b.name)`") { matcher in
                guard a.name == b.name else { return matcher.report("expected this name, found `\(a.name)`") }
                matcher.match(a.type, b.type, depth: 0)
            }
        }
        within("result") { $0.match(have.result, need.result, depth: 0) }
    }

    private mutating func match(_ have: ValueType?, _ need: ValueType?, depth: Int) {
        switch (have, need) {
        case (nil, nil): return
        case (let a?, let b?): match(a, b, depth: depth)
        case (nil, let b?): report("expected \(wanted.graph.word(b)), found none")
        case (let a?, nil): report("expected none, found \(supplied.graph.word(a))")
        }
    }

    mutating func match(_ have: ValueType, _ need: ValueType, depth: Int) {
        let one = supplied.graph.types.dealiased(have)
        let other = wanted.graph.types.dealiased(need)
        guard case .defined(let a) = one, case .defined(let b) = other else {
            if one != other { reportTypes(one, other) }
            return
        }
        guard depth < WITResolver.maximumDepth else { return report("the type nests too deep to be compared") }
        let pair = TypePair(supplied: a, wanted: b)
        if let isEqual = compared[pair] {
            if !isEqual { report("its type \(wanted.graph.word(other)) differs") }
            return
        }
        compared[pair] = true
        let before = differences.count
        match(supplied.graph.types[a].kind, wanted.graph.types[b].kind, one, other, depth: depth + 1)
        if differences.count > before { compared[pair] = false }
    }

    private mutating func match(
        _ have: TypeKind, _ need: TypeKind, _ one: ValueType, _ other: ValueType, depth: Int
    ) {
        switch (have, need) {
        case (.record(let a), .record(let b)):
            guard matchLabels(a.map(\.name), b.map(\.name), "field") else { return }
            for (x, y) in zip(a, b) { within("field `\(y.name)`") { $0.match(x.type, y.type, depth: depth) } }
        case (.variant(let a), .variant(let b)):
            guard matchLabels(a.map(\.name), b.map(\.name), "case") else { return }
            for (x, y) in zip(a, b) { within("case `\(y.name)`") { $0.match(x.type, y.type, depth: depth) } }
        case (.enum(let a), .enum(let b)): _ = matchLabels(a.map(\.name), b.map(\.name), "case")
        case (.flags(let a), .flags(let b)): _ = matchLabels(a.map(\.name), b.map(\.name), "flag")
        case (.tuple(let a), .tuple(let b)):
            guard a.count == b.count else { return reportTypes(one, other) }
            for (index, (x, y)) in zip(a, b).enumerated() {
                within("element \(index)") { $0.match(x, y, depth: depth) }
            }
        case (.option(let a), .option(let b)), (.list(let a), .list(let b)):
            within("element") { $0.match(a, b, depth: depth) }
        case (.fixedLengthList(let a, let m), .fixedLengthList(let b, let n)):
            guard m == n else { return report("expected \(n) elements, found \(m)") }
            within("element") { $0.match(a, b, depth: depth) }
        case (.result(let ok, let error), .result(let ok2, let error2)):
            within("ok") { $0.match(ok, ok2, depth: depth) }
            within("error") { $0.match(error, error2, depth: depth) }
        case (.map(let key, let value), .map(let key2, let value2)):
            within("key") { $0.match(key, key2, depth: depth) }
            within("value") { $0.match(value, value2, depth: depth) }
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)):
            within("payload") { $0.match(a, b, depth: depth) }
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)):
            if !sameResource(a, b) { reportTypes(one, other, isResource: true) }
        default: reportTypes(one, other)
        }
    }

    private mutating func matchLabels(_ have: [String], _ need: [String], _ what: String) -> Bool {
        if have == need { return true }
        let supplied = Set(have)
        let wanted = Set(need)
        let extra = have.filter { !wanted.contains($0) }
        let missing = need.filter { !supplied.contains($0) }
        func list(_ names: [String]) -> String { names.prefix(10).map { "`\($0)`" }.joined(separator: ", ") }
        if missing.isEmpty, extra.isEmpty { report("the \(what)s are in another order") }
        if !missing.isEmpty { report("expected \(what) \(list(missing)), which is missing") }
        if !extra.isEmpty { report("found \(what) \(list(extra)), which is not expected") }
        return false
    }

    private mutating func reportTypes(_ have: ValueType, _ need: ValueType, isResource: Bool = false) {
        let expected = wanted.graph.word(need)
        let found = supplied.graph.word(have)
        report("expected \(expected), found \(found)\(isResource && expected == found ? " of another interface" : "")")
    }
}

extension PackageGraph {
    /// A type in few words, as WIT has it.
    package func word(_ type: ValueType) -> String {
        guard case .defined(let id) = type else { return "`\(type.primitiveName ?? "?")`" }
        if let name = types[id].name { return "`\(name)`" }
        switch types[id].kind {
        case .record: return "a record"
        case .variant: return "a variant"
        case .flags: return "flags"
        case .enum: return "an enum"
        case .tuple(let elements): return "a tuple of \(elements.count)"
        case .option: return "an `option`"
        case .result: return "a `result`"
        case .list: return "a `list`"
        case .fixedLengthList(_, let count): return "a list of \(count)"
        case .map: return "a `map`"
        case .stream: return "a `stream`"
        case .future: return "a `future`"
        case .own(let resource): return "`own<\(types[resource].name ?? "?")>`"
        case .borrow(let resource): return "`borrow<\(types[resource].name ?? "?")>`"
        case .resource: return "a resource"
        case .alias(let target): return word(target)
        }
    }
}
