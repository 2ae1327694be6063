// SPDX-License-Identifier: Apache-2.0

/// A JSON value whose objects keep their order (RFC 8259).
package indirect enum JSONTree: Equatable, Sendable {
    case null
    case number(Int)
    /// A number with a fraction or an exponent.
    case real(Double)
    case bool(Bool)
    case string(String)
    case array([JSONTree])
    case object([Member])

    /// A member of an object.
    package struct Member: Equatable, Sendable {
        package let key: String
        package var value: JSONTree

        package init(_ key: String, _ value: JSONTree) {
            self.key = key
            self.value = value
        }
    }
}

extension JSONTree {
    /// An object of the members that have a value, in the given order.
    package static func object(_ members: [(String, JSONTree?)]) -> JSONTree {
        .object(members.compactMap { key, value in value.map { Member(key, $0) } })
    }

    /// An object whose members are sorted by name.
    package static func object<Value>(_ members: [String: Value], _ tree: (Value) -> JSONTree?) -> JSONTree {
        .object(members.sorted { $0.key < $1.key }.map { ($0.key, tree($0.value)) })
    }

    /// An array of strings.
    package static func strings(_ texts: [String]) -> JSONTree { .array(texts.map { .string($0) }) }
}
