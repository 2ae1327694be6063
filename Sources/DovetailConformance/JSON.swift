// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A JSON value.
indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// Reads a text.
    init(bytes: Data) throws {
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
    subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The text of a string.
    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array.
    var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object.
    var object: [String: JSON]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A whole number.
    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: number)
    }

    /// A truth value.
    var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The strings of an array of strings.
    var strings: [String]? { array?.compactMap(\.string) }

    /// Whether it is `null`.
    var isNull: Bool { self == .null }

    /// The member `key`, a string.
    /// - Throws: ``CaseFailure`` when there is none.
    func text(_ key: String) throws -> String {
        guard let text = self[key]?.string else { throw CaseFailure("the data lacks the text `\(key)`") }
        return text
    }

    /// The member `key`, an array.
    /// - Throws: ``CaseFailure`` when there is none.
    func list(_ key: String) throws -> [JSON] {
        guard let list = self[key]?.array else { throw CaseFailure("the data lacks the list `\(key)`") }
        return list
    }
}
