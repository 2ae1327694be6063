// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// What all emitters share: the model, and how declarations of the user's access level are made.
struct Emitter {
    let model: WorldModel
    /// The namespace that is written.
    let index: Int

    var namespace: Namespace { model.namespaces[index] }
    var direction: Direction { namespace.direction }
    var graph: PackageGraph { model.graph }
    /// The access modifier with a space behind it, or nothing.
    var access: String { model.options.access.modifier }
    /// `@inlinable ` for code that other modules call.
    var inlinable: [String] { model.options.access == .public ? ["@inlinable"] : [] }

    func library(_ name: String) -> String { model.library(name) }
    func type(_ type: ValueType?) -> String { model.type(type, direction, from: index) }

    /// The lines of a doc comment.
    static func lines(_ documentation: String?) -> [String] {
        guard let documentation else { return [] }
        var lines = documentation.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = String(line.filter { $0 != "\r" })
            while line.last == " " || line.last == "\t" { line.removeLast() }
            return line
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// The doc comment of an item, with what its feature gate says.
    static func lines(_ documentation: String?, _ stability: Stability) -> [String] {
        var lines = lines(documentation)
        func note(_ text: String) {
            if !lines.isEmpty { lines.append("") }
            lines.append(text)
        }
        switch stability {
        case .stable(_, let deprecated?): note("- Note: Deprecated since version \(deprecated).")
        case .unstable(let feature, _): note("- Note: Unstable, part of the feature `\(feature)`.")
        case .unknown, .stable: break
        }
        return lines
    }

    /// A string literal.
    static func literal(_ text: String) -> String {
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

    /// A type in a place where a member of it is called.
    static func callable(_ type: String) -> String { type.hasSuffix("?") ? "(\(type))" : type }

    /// `StaticLayout(…)` of a named type.
    private func layoutExpression(_ id: TypeID, _ layout: ValueLayout) -> SwiftStatement {
        var arguments = [
            "size: \(layout.size(false))", "alignment: \(layout.alignment(false))", "size64: \(layout.size(true))",
            "alignment64: \(layout.alignment(true))", "flatCount: \(layout.flatCount)",
        ]
        if model.usesMemory(.defined(id)) { arguments.append("usesMemory: true") }
        if model.holdsHandles(.defined(id)) { arguments.append("usesHandles: true") }
        return .call(library("StaticLayout"), arguments)
    }

    /// `offset`, moved by a distance that may depend on the width of pointers.
    static func place(_ narrow: Int, _ wide: Int) -> String {
        if narrow == wide { return narrow == 0 ? "offset" : "offset &+ \(narrow)" }
        return "offset &+ (cx.is64 ? \(wide) : \(narrow))"
    }

    // The four conversions.

    func abi(_ id: TypeID, _ layout: ValueLayout) -> SwiftDeclaration {
        SwiftDeclaration(
            "\(access)static var abi: \(library("StaticLayout"))", attributes: inlinable,
            body: .statements([layoutExpression(id, layout)]))
    }

    func lower(_ body: [SwiftStatement]) -> SwiftDeclaration {
        SwiftDeclaration(
            SwiftHead(
                "\(access)func lower",
                ["_ cx: inout \(library("CanonicalContext"))", "into flat: inout \(library("FlatWriter"))"],
                " throws(\(library("ABIError")))"),
            attributes: inlinable, body: .statements(body))
    }

    func store(_ body: [SwiftStatement]) -> SwiftDeclaration {
        SwiftDeclaration(
            SwiftHead(
                "\(access)func store", ["_ cx: inout \(library("CanonicalContext"))", "at offset: \(library("Int"))"],
                " throws(\(library("ABIError")))"),
            attributes: inlinable, body: .statements(body))
    }

    func lift(_ name: String, _ body: [SwiftStatement]) -> SwiftDeclaration {
        SwiftDeclaration(
            SwiftHead(
                "\(access)static func lift",
                ["_ cx: inout \(library("CanonicalContext"))", "from flat: inout \(library("FlatReader"))"],
                " throws(\(library("ABIError"))) -> \(name)"),
            attributes: inlinable, body: .statements(body))
    }

    func load(_ name: String, _ body: [SwiftStatement]) -> SwiftDeclaration {
        SwiftDeclaration(
            SwiftHead(
                "\(access)static func load",
                ["_ cx: inout \(library("CanonicalContext"))", "at offset: \(library("Int"))"],
                " throws(\(library("ABIError"))) -> \(name)"),
            attributes: inlinable, body: .statements(body))
    }

    /// `do throws(ABIError) { body } catch { throw error.within(path) }`
    func within(_ path: String, _ body: [SwiftStatement]) -> SwiftStatement {
        .block(
            SwiftHead("do throws(\(library("ABIError")))"), body, [("catch", [.line("throw error.within(\(path))")])])
    }
}
