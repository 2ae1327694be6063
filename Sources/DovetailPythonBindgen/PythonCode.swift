// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

/// Python code: lines, and blocks that are indented below one.
indirect enum PythonCode {
    /// A line.
    case line(String)
    /// A line that ends in a colon, with what belongs to it.
    case block(String, [PythonCode])
    /// A definition, with two empty lines around it at the top of a module and one elsewhere.
    case definition([PythonCode])
    /// A string that documents what stands before it.
    case documentation([String])
    /// Items between brackets, with the separator between them and what belongs to it; broken where a line has no room.
    case list(String, [String], separator: String = ", ", String, [PythonCode] = [])

    /// A function with its decorators.
    static func function(
        _ name: String, _ parameters: [String], _ result: String, decorators: [String] = [], isAsync: Bool = false,
        documentation: [String] = [], _ body: [PythonCode]
    ) -> PythonCode {
        let documentation = documentation.isEmpty ? [] : [PythonCode.documentation(documentation)]
        let head = (isAsync ? "async " : "") + "def \(name)("
        return .definition(
            decorators.map { .line("@" + $0) } + [.list(head, parameters, ") -> \(result):", documentation + body)])
    }

    /// A class.
    static func type(
        _ name: String, _ bases: [String], documentation: [String] = [], _ body: [PythonCode]
    ) -> PythonCode {
        let documentation = documentation.isEmpty ? [] : [PythonCode.documentation(documentation)]
        let content = documentation + body
        let head = bases.isEmpty ? "class \(name):" : "class \(name)(\(bases.joined(separator: ", "))):"
        return .definition([.block(head, content.isEmpty ? [.line("pass")] : content)])
    }

    /// A string literal.
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Lays out Python code: four spaces, empty lines as PEP 8 has them.
struct PythonPrinter {
    private var lines: [String] = []

    private init() {}

    /// The text of a module.
    static func print(_ code: [PythonCode]) -> String {
        var printer = PythonPrinter()
        printer.add(code, level: 0)
        return printer.lines.joined(separator: "\n") + "\n"
    }

    private mutating func add(_ code: [PythonCode], level: Int) {
        let space = String(repeating: "    ", count: level)
        var previousIsDefinition = false
        for (index, item) in code.enumerated() {
            var isDefinition = false
            if case .definition = item { isDefinition = true }
            if index > 0, isDefinition || previousIsDefinition {
                lines += [String](repeating: "", count: level == 0 ? 2 : 1)
            }
            previousIsDefinition = isDefinition
            switch item {
            case .line(let text): lines.append(text.isEmpty ? "" : space + text)
            case .block(let head, let body):
                lines.append(space + head)
                add(body, level: level + 1)
            case .definition(let content): add(content, level: level)
            case .documentation(let text): document(text, space)
            case .list(let prefix, let items, let separator, let suffix, let body):
                list(prefix, items, separator, suffix, space)
                add(body, level: level + 1)
            }
        }
    }

    private mutating func list(
        _ prefix: String, _ items: [String], _ separator: String, _ suffix: String, _ space: String
    ) {
        let whole = space + prefix + items.joined(separator: separator) + suffix
        if whole.count <= Self.width { return lines.append(whole) }
        lines.append(space + prefix)
        var current = ""
        for (index, item) in items.enumerated() {
            let piece = index == items.count - 1 ? item : item + separator
            if !current.isEmpty, space.count + 4 + current.count + piece.count > Self.width {
                lines.append(space + "    " + Self.withoutSpace(current))
                current = ""
            }
            current += piece
        }
        lines.append(space + "    " + current)
        lines.append(space + suffix)
    }

    private static let width = 120

    private static func withoutSpace(_ text: String) -> String { text.hasSuffix(" ") ? String(text.dropLast()) : text }

    private mutating func document(_ text: [String], _ space: String) {
        let safe = text.map { line in
            line.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
                .split(separator: "\"\"\"", omittingEmptySubsequences: false).joined(separator: "\\\"\\\"\\\"")
        }
        if let only = safe.first, safe.count == 1, !only.hasSuffix("\""), space.count + only.count < 110 {
            lines.append("\(space)\"\"\"\(only)\"\"\"")
            return
        }
        lines.append(space + "\"\"\"" + (safe.first ?? ""))
        for line in safe.dropFirst() { lines.append(line.isEmpty ? "" : space + line) }
        lines.append(space + "\"\"\"")
    }
}
