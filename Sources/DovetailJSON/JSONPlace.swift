// SPDX-License-Identifier: Apache-2.0

/// A value inside a document together with the path that leads to it, for reading what is expected there.
package struct JSONPlace {
    package let value: JSONTree
    /// The names of the members on the way, with dots between them; empty for the document itself.
    package let path: String

    package init(_ value: JSONTree, path: String = "") {
        self.value = value
        self.path = path
    }

    /// The member `name`, `nil` where there is none or it is `null`.
    ///
    /// - Throws: a ``JSONError`` when this is no object.
    package func member(_ name: String) throws(JSONError) -> JSONPlace? {
        guard case .object(let members) = value else { throw expected("an object") }
        guard let found = members.first(where: { $0.key == name }), found.value != .null else { return nil }
        return inside(found)
    }

    /// All members of an object.
    ///
    /// - Throws: a ``JSONError`` when this is no object.
    package func members() throws(JSONError) -> [(key: String, place: JSONPlace)] {
        guard case .object(let members) = value else { throw expected("an object") }
        return members.map { ($0.key, inside($0)) }
    }

    /// - Throws: a ``JSONError`` when this is no string.
    package func text() throws(JSONError) -> String {
        guard case .string(let text) = value else { throw expected("a string") }
        return text
    }

    /// Whether this is a string.
    package var isText: Bool {
        if case .string = value { true } else { false }
    }

    private func inside(_ member: JSONTree.Member) -> JSONPlace {
        JSONPlace(member.value, path: path.isEmpty ? member.key : "\(path).\(member.key)")
    }

    private func expected(_ what: String) -> JSONError {
        let kind =
            switch value {
            case .null: "null"
            case .bool: "a truth value"
            case .number, .real: "a number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return JSONError("expected \(what)\(path.isEmpty ? "" : " at `\(path)`"), found \(kind)")
    }
}
