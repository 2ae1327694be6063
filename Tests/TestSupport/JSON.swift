// SPDX-License-Identifier: Apache-2.0

package import DovetailJSON
package import Foundation

/// A JSON value.
package indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// Reads a text.
    package init(bytes: Data) throws {
        self.init(try JSONSerialization.jsonObject(with: bytes, options: [.fragmentsAllowed]))
    }

    private init(_ any: Any) {
        switch any {
        case let text as String: self = .string(text)
        case let list as [Any]: self = .array(list.map { JSON($0) })
        case let dictionary as [String: Any]: self = .object(dictionary.mapValues { JSON($0) })
        // Foundation keeps booleans as numbers of C type char.
        case let number as NSNumber where String(cString: number.objCType) == "c": self = .bool(number.boolValue)
        case let number as NSNumber: self = .number(number.doubleValue)
        default: self = .null
        }
    }

    /// The member `key` of an object.
    package subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The text of a string.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array.
    package var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object.
    package var object: [String: JSON]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A whole number.
    package var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: number)
    }

    /// A truth value.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The strings of an array of strings.
    package var strings: [String]? { array?.compactMap(\.string) }

    /// Whether it is `null`.
    package var isNull: Bool { self == .null }

    /// The member `key`, a string.
    /// - Throws: ``CaseFailure`` when there is none.
    package func text(_ key: String) throws -> String {
        guard let text = self[key]?.string else { throw CaseFailure("the data lacks the text `\(key)`") }
        return text
    }

    /// The member `key`, an array.
    /// - Throws: ``CaseFailure`` when there is none.
    package func list(_ key: String) throws -> [JSON] {
        guard let list = self[key]?.array else { throw CaseFailure("the data lacks the list `\(key)`") }
        return list
    }
}

extension JSON {
    /// The same tree.
    package init(_ tree: JSONTree) {
        switch tree {
        case .null: self = .null
        case .number(let number): self = .number(Double(number))
        case .real(let number): self = .number(number)
        case .bool(let value): self = .bool(value)
        case .string(let text): self = .string(text)
        case .array(let items): self = .array(items.map { JSON($0) })
        case .object(let members):
            self = .object(
                Dictionary(members.map { ($0.key, JSON($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The first place where this differs from `expected`, `nil` when there is none.
    package func difference(from expected: JSON, at path: String = "$") -> String? {
        switch (self, expected) {
        case (.object(let found), .object(let wanted)):
            for key in Set(found.keys).union(wanted.keys).sorted() {
                guard let left = found[key] else { return "\(path) lacks `\(key)`" }
                guard let right = wanted[key] else { return "\(path) has `\(key)`, which is not expected" }
                if let text = left.difference(from: right, at: "\(path).\(key)") { return text }
            }
            return nil
        case (.array(let found), .array(let wanted)):
            for (index, (left, right)) in zip(found, wanted).enumerated() {
                if let text = left.difference(from: right, at: "\(path)[\(index)]") { return text }
            }
            guard found.count != wanted.count else { return nil }
            return "\(path): expected \(wanted.count) elements, found \(found.count)"
        default:
            return self == expected ? nil : "\(path): expected \(expected), found \(self)"
        }
    }
}
