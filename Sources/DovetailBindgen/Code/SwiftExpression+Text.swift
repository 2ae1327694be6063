// SPDX-License-Identifier: Apache-2.0

extension SwiftExpression {
    /// The text in one line, without a closure at its end.
    package var text: String {
        switch self {
        case .name(let name): name
        case .integer(let value): "\(value)"
        case .string(let content): Self.literal(content)
        case .array(let elements): "[\(elements.map(\.text).joined(separator: ", "))]"
        case .tuple(let elements): "(\(elements.map(\.text).joined(separator: ", ")))"
        case .type(let type): type.text
        case .member(.type(let type), let name): "\(type.text(before: name)).\(name)"
        case .member(let base, let name): "\(base.text).\(name)"
        case .implicitMember(let name): "." + name
        case .call(let function, let arguments, let closure):
            function.text
                + (arguments.isEmpty && closure != nil ? "" : "(\(arguments.map(\.text).joined(separator: ", ")))")
        case .element(let base, let index): "\(base.text)[\(index.text)]"
        case .infix(let left, let sign, let right): "\(left.text) \(sign) \(right.text)"
        case .choice(let condition, let first, let second): "\(condition.text) ? \(first.text) : \(second.text)"
        case .parenthesized(let inner): "(\(inner.text))"
        case .inout(let inner): "&" + inner.text
        case .try(let inner): "try " + inner.text
        case .await(let inner): "await " + inner.text
        }
    }

    /// A list that a long line is broken in, with what stands before and behind it.
    package struct Breakable {
        package let prefix: String
        package let items: [String]
        package let suffix: String

        package func between(_ before: String, _ after: String = "") -> Breakable {
            Breakable(prefix: before + prefix, items: items, suffix: suffix + after)
        }
    }

    /// The list to break: the arguments of the last call that has any, or those of its only argument.
    package var breakable: Breakable? {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            return Breakable(prefix: "[", items: elements.map(\.text), suffix: "]")
        case .member(let base, let name): return base.breakable?.between("", "." + name)
        case .call(let function, let arguments, _) where arguments.isEmpty:
            return function.breakable?.between("", "()")
        case .call(let function, let arguments, _):
            if arguments.count == 1, arguments[0].value.isList, let inner = arguments[0].value.breakable {
                let label = arguments[0].label.map { $0 + ": " } ?? ""
                return inner.between("\(function.text)(\(label)", ")")
            }
            return Breakable(prefix: function.text + "(", items: arguments.map(\.text), suffix: ")")
        case .try(let inner): return inner.breakable?.between("try ")
        case .await(let inner): return inner.breakable?.between("await ")
        default: return nil
        }
    }

    /// Whether it is mostly a list of things.
    private var isList: Bool {
        switch self {
        case .array: true
        case .call(_, let arguments, nil): arguments.count > 1
        default: false
        }
    }

    private static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case let other where other.value < 0x20 || other.value == 0x7f:
                result += "\\u{\(String(other.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension SwiftArgument {
    /// The text in one line.
    package var text: String { (label.map { $0 + ": " } ?? "") + value.text }
}
