// SPDX-License-Identifier: Apache-2.0

/// A type as it is written in Swift.
package indirect enum SwiftType: Sendable {
    /// A name, perhaps dotted, with the arguments of a generic type.
    case named(String, [SwiftType] = [])
    case optional(SwiftType)
    case array(SwiftType)
    case dictionary(SwiftType, SwiftType)
    case tuple([SwiftType])
    /// A value of any type that conforms to a protocol.
    case any(SwiftType)
    /// A value of one type that conforms to a protocol.
    case some(SwiftType)
    case function([SwiftType], SwiftEffects, SwiftType)

    /// The text.
    package var text: String {
        switch self {
        case .named(let name, let arguments):
            arguments.isEmpty ? name : "\(name)<\(Self.list(arguments))>"
        case .optional(let type): type.atom + "?"
        case .array(let element): "[\(element.text)]"
        case .dictionary(let key, let value): "[\(key.text): \(value.text)]"
        case .tuple(let elements): "(\(Self.list(elements)))"
        case .any(let type): "any " + type.text
        case .some(let type): "some " + type.text
        case .function(let parameters, let effects, let result):
            "(\(Self.list(parameters)))\(effects.text) -> \(result.text)"
        }
    }

    /// The text where something is attached to it: `(any P)?`.
    private var atom: String {
        switch self {
        case .any, .some, .function: "(\(text))"
        default: text
        }
    }

    /// The text where a member of it or its metatype is named: `(Int?).zero`, `(any P).self`.
    package func text(before member: String) -> String {
        switch self {
        // What an optional's brackets are for is its members; its metatype needs none.
        case .optional where member != "self": "(\(text))"
        default: atom
        }
    }

    private static func list(_ types: [SwiftType]) -> String { types.map(\.text).joined(separator: ", ") }
}

/// What a call may do besides returning.
package struct SwiftEffects: Sendable {
    /// Whether it throws, and what.
    package enum Throwing: Sendable {
        case never, anything
        case only(SwiftType)
    }

    package let isAsync: Bool
    package let throwing: Throwing

    package init(isAsync: Bool = false, throwing: Throwing = .never) {
        self.isAsync = isAsync
        self.throwing = throwing
    }

    /// `throws`
    package static let throwing = SwiftEffects(throwing: .anything)

    /// The words behind the parameters, with a space in front.
    package var text: String {
        let throwing =
            switch throwing {
            case .never: ""
            case .anything: " throws"
            case .only(let type): " throws(\(type.text))"
            }
        return (isAsync ? " async" : "") + throwing
    }
}
