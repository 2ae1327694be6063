// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// A module that is being written: what it imports comes from what its code names.
struct PythonModule {
    let guest: PythonGuest
    let module: PythonGuest.Module
    /// The code without its imports.
    var code: [PythonCode] = []
    /// Names that the module declares: they hide those of Python.
    private let declared: Set<String>
    private var names: NameScope
    private var aliases: [PythonGuest.Module: String] = [:]
    private var helpers: [String: String] = [:]
    private var usesBuiltins = false

    init(_ guest: PythonGuest, _ module: PythonGuest.Module, declared: Set<String>) {
        self.guest = guest
        self.module = module
        self.declared = declared
        names = NameScope(reserved: declared.union(Self.builtins))
    }

    private static let builtins: Set<String> = [
        "bool", "bytes", "classmethod", "dict", "float", "int", "list", "object", "str", "tuple", "builtins",
        "_dovetail",
        "TYPE_CHECKING",
    ]
    /// Where what is not Python's own comes from.
    private static let sources: [String: String] = [
        "Enum": "dovetail_types", "Flag": "dovetail_types", "Protocol": "dovetail_types", "Record": "dovetail_types",
        "Resource": "dovetail_types", "Err": "componentize_py_types", "ErrorContext": "componentize_py_types",
        "Ok": "componentize_py_types",
        "Result": "componentize_py_types", "Some": "componentize_py_types", "Self": "typing",
        "ByteStreamReader": "dovetail_async", "ByteStreamWriter": "dovetail_async", "StreamReader": "dovetail_async",
        "StreamWriter": "dovetail_async", "FutureReader": "dovetail_async", "FutureWriter": "dovetail_async",
        "imported": "dovetail_async", "make_future": "dovetail_async", "make_stream": "dovetail_async",
        "Callable": "typing",
    ]

    // MARK: Names of others

    /// Something of Python's own, whatever the module calls so.
    mutating func builtin(_ name: String) -> String {
        guard declared.contains(name) else { return name }
        usesBuiltins = true
        return "builtins.\(name)"
    }

    /// Something that the runtime brings.
    mutating func helper(_ name: String) -> String {
        if let known = helpers[name] { return known }
        let alias = names.claim(name, or: "_\(name)")
        helpers[name] = alias
        return alias
    }

    /// A name for something that the module keeps to itself.
    mutating func privateName(_ name: String) -> String { names.claim("_\(name)") }

    /// A class, as this module names it.
    mutating func reference(_ place: (module: PythonGuest.Module, name: String)) -> String {
        place.module == module ? place.name : "\(alias(of: place.module)).\(place.name)"
    }

    private mutating func alias(of other: PythonGuest.Module) -> String {
        if let known = aliases[other] { return known }
        let path = guest.path(of: other).split(separator: ".")
        let last = String(path.last ?? "")
        let alias = names.claim(last, or: path.suffix(2).joined(separator: "_"))
        aliases[other] = alias
        return alias
    }

    // MARK: Types

    /// A type as an annotation.
    ///
    /// - Parameter own: the resource whose class is being written, `Self` there.
    mutating func annotation(_ type: ValueType?, from scope: Scope, own: TypeID? = nil) -> String {
        guard let type else { return "None" }
        let (resolved, scope) = guest.resolved(type, from: scope)
        switch resolved {
        case .bool: return builtin("bool")
        case .u8, .s8, .u16, .s16, .u32, .s32, .u64, .s64: return builtin("int")
        case .f32, .f64: return builtin("float")
        case .char, .string: return builtin("str")
        case .errorContext: return helper("ErrorContext")
        case .defined(let id): return annotation(id, scope, own)
        }
    }

    private mutating func annotation(_ id: TypeID, _ scope: Scope, _ own: TypeID?) -> String {
        switch guest.model.graph.types[id].kind {
        case .stream(let element):
            if let element, case .u8 = guest.resolved(element, from: scope).type { return helper("ByteStreamReader") }
            return "\(helper("StreamReader"))[\(annotation(element, from: scope, own: own))]"
        case .future(let element):
            return "\(helper("FutureReader"))[\(annotation(element, from: scope, own: own))]"
        case .record, .variant, .enum, .flags, .resource, .alias:
            return guest.place(of: id, from: scope).map { reference($0) } ?? builtin("object")
        case .own(let resource), .borrow(let resource):
            let (resolved, scope) = guest.resolved(.defined(resource), from: scope)
            guard case .defined(let target) = resolved else { return builtin("object") }
            if target == own, guest.module(of: scope.index) == module { return helper("Self") }
            return guest.place(of: target, from: scope).map { reference($0) } ?? builtin("object")
        case .option(let some):
            let inner = annotation(some, from: scope, own: own)
            return guest.isOption(some) ? "\(helper("Some"))[\(inner)] | None" : "\(inner) | None"
        case .result(let ok, let error):
            let ok = annotation(ok, from: scope, own: own)
            return "\(helper("Result"))[\(ok), \(annotation(error, from: scope, own: own))]"
        case .list(.u8), .fixedLengthList(.u8, _): return builtin("bytes")
        case .list(let element), .fixedLengthList(let element, _):
            if case .u8 = guest.resolved(element, from: scope).type { return builtin("bytes") }
            return "\(builtin("list"))[\(annotation(element, from: scope, own: own))]"
        case .map(let key, let value):
            let key = annotation(key, from: scope, own: own)
            return "\(builtin("dict"))[\(key), \(annotation(value, from: scope, own: own))]"
        case .tuple(let parts):
            let parts = parts.map { annotation($0, from: scope, own: own) }
            return "\(builtin("tuple"))[\(parts.isEmpty ? "()" : parts.joined(separator: ", "))]"
        }
    }

    // MARK: The whole

    /// The text of the module.
    func text(_ header: [String], documentation: [String], uses runtime: Bool) -> String {
        var code: [PythonCode] = header.map { .line("# " + $0) }
        if !documentation.isEmpty { code.append(.documentation(documentation)) }
        let imports = imports(uses: runtime)
        if !imports.isEmpty { code.append(.line("")) }
        code += imports.map { .line($0) }
        return PythonPrinter.print(code + self.code)
    }

    private func imports(uses runtime: Bool) -> [String] {
        var lines: [String] = []
        if usesBuiltins { lines.append("import builtins") }
        if runtime { lines.append("import _dovetail") }
        for source in ["componentize_py_types", "dovetail_async", "dovetail_types"] {
            let names = helpers.filter { Self.sources[$0.key] == source }.sorted { $0.key < $1.key }
            guard !names.isEmpty else { continue }
            let list = names.map { $0.key == $0.value ? $0.key : "\($0.key) as \($0.value)" }
            let line = "from \(source) import \(list.joined(separator: ", "))"
            if line.count <= 120 {
                lines.append(line)
            } else {
                lines += ["from \(source) import ("] + list.map { "    \($0)," } + [")"]
            }
        }
        // Only annotations name it, and nothing evaluates those at run time.
        let typing = ["Callable", "Self"].compactMap { name in
            helpers[name].map { $0 == name ? name : "\(name) as \($0)" }
        }
        if !typing.isEmpty {
            lines += ["", "TYPE_CHECKING = False", "if TYPE_CHECKING:"]
            lines.append("    from typing import \(typing.joined(separator: ", "))")
        }
        var others: [String] = []
        for (other, alias) in aliases {
            let path = guest.path(of: other)
            guard let dot = path.lastIndex(of: ".") else { continue }
            others.append("from \(path[..<dot]) import \(path[path.index(after: dot)...]) as \(alias)")
        }
        return lines + others.sorted()
    }
}
