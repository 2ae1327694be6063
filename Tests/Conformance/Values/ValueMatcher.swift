// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTestSupport

/// Compares values with what the conformance data expects, and takes out the handles that it names.
struct ValueMatcher {
    /// The handles found so far.
    private(set) var bound: [String: Resource] = [:]
    private let reader: ValueReader

    init(reader: ValueReader) { self.reader = reader }

    /// Checks that `found` is what `expected` says; no expectation stands for no value.
    ///
    /// - Throws: ``CaseFailure`` with the difference.
    mutating func match(_ found: Value?, _ expected: JSON?) throws {
        guard let expected, !expected.isNull else {
            guard let found else { return }
            throw CaseFailure("expected no result, found \(describe(found))")
        }
        guard let found else { throw CaseFailure("expected a result, found none") }
        try match(found, expected)
    }

    private mutating func match(_ found: Value, _ expected: JSON) throws {
        if expected["bind"] != nil || (expected["rep"] != nil && expected["new"] == nil) {
            return try matchHandle(found, expected)
        }
        guard case .object = expected, let content = expected["value"], holdsHandles(content) else {
            let wanted = try reader.value(expected)
            guard same(found, wanted) else {
                throw CaseFailure("expected \(describe(wanted)), found \(describe(found))")
            }
            return
        }
        switch found {
        case .list(let list): try matchAll(list.elements, content)
        case .tuple(let values): try matchAll(values, content)
        case .record(let fields):
            let wanted = (content.array ?? []).compactMap(\.array)
            guard wanted.count == fields.count else { throw CaseFailure("a record has other fields than expected") }
            for (field, pair) in zip(fields, wanted) {
                guard pair.count == 2, pair[0].string == field.name else {
                    throw CaseFailure("expected a field `\(pair.first?.string ?? "")`, found `\(field.name)`")
                }
                try match(field.value, pair[1])
            }
        case .variant(let name, let payload):
            guard content["case"]?.string == name else { throw CaseFailure("found the other case `\(name)`") }
            try match(payload, content["payload"])
        case .option(let payload): try match(payload, content)
        case .ok(let payload): try matchCase(payload, content["Ok"], "ok")
        case .error(let payload): try matchCase(payload, content["Err"], "error")
        default: throw CaseFailure("expected something with a handle, found \(describe(found))")
        }
    }

    private mutating func matchCase(_ payload: Value?, _ expected: JSON?, _ name: String) throws {
        guard let expected else { throw CaseFailure("found the other case, `\(name)`") }
        try match(payload, expected)
    }

    private mutating func matchAll(_ found: [Value], _ content: JSON) throws {
        let wanted = content.array ?? []
        guard wanted.count == found.count else {
            throw CaseFailure("expected \(wanted.count) elements, found \(found.count)")
        }
        for (value, expected) in zip(found, wanted) { try match(value, expected) }
    }

    private mutating func matchHandle(_ found: Value, _ expected: JSON) throws {
        guard case .resource(let resource) = found else {
            throw CaseFailure("expected a handle, found \(describe(found))")
        }
        if let rep = expected["rep"]?.integer, resource.rep != UInt32(truncatingIfNeeded: rep) {
            throw CaseFailure("expected a resource with representation \(rep), found \(resource.rep)")
        }
        if let name = expected["bind"]?.string { bound[name] = resource }
    }

    private func holdsHandles(_ json: JSON) -> Bool {
        switch json {
        case .object(let members):
            members["bind"] != nil || (members["rep"] != nil && members["type"] == nil)
                || members.values.contains(where: holdsHandles)
        case .array(let elements): elements.contains(where: holdsHandles)
        default: false
        }
    }

    /// Equality that ignores the order of flags and of a record's fields.
    private func same(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.flags(let a), .flags(let b)): Set(a) == Set(b)
        case (.list(let a), .list(let b)):
            a.count == b.count && (a == b || zip(a, b).allSatisfy { same($0, $1) })
        case (.tuple(let a), .tuple(let b)): a.count == b.count && zip(a, b).allSatisfy { same($0, $1) }
        case (.record(let a), .record(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.name == $1.name && same($0.value, $1.value) }
        case (.map(let a), .map(let b)):
            a.count == b.count && zip(a, b).allSatisfy { same($0.key, $1.key) && same($0.value, $1.value) }
        case (.variant(let a, let x), .variant(let b, let y)): a == b && sameOptional(x, y)
        case (.option(let a), .option(let b)), (.ok(let a), .ok(let b)), (.error(let a), .error(let b)):
            sameOptional(a, b)
        default: left == right
        }
    }

    private func sameOptional(_ left: Value?, _ right: Value?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): same(left, right)
        default: false
        }
    }

    private func describe(_ value: Value) -> String {
        let text = "\(value)"
        return text.count > 160 ? text.prefix(160) + "…" : text
    }
}
