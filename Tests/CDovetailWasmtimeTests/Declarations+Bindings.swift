// SPDX-License-Identifier: Apache-2.0

/// Reads the description of the interface that ships with the engine: generated Python, one declaration to a line.
extension Declarations {
    init(bindings: String) throws {
        var current: (name: String, isUnion: Bool, fields: [CType.Field])?
        var enumeration: (isOpen: Bool, next: Int) = (false, 0)
        var results: [String: CType] = [:]

        for line in bindings.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.first == " " {
                if line.hasPrefix("        (\""), current != nil {
                    // ("name", type),
                    var tokens = Tokens(line)
                    try tokens.expect("(")
                    try tokens.expect("\"")
                    let name = try tokens.name()
                    try tokens.expect("\"")
                    try tokens.expect(",")
                    current?.fields.append(CType.Field(name: Self.plain(name), type: try parseType(&tokens)))
                } else if enumeration.isOpen, let equals = line.firstIndex(of: "=") {
                    let name = line[..<equals].filter { !$0.isWhitespace }
                    let value = Int(line[line.index(after: equals)...].filter { !$0.isWhitespace }) ?? enumeration.next
                    constants[name] = value
                    enumeration.next = value + 1
                }
                continue
            }
            if let finished = current {
                if !finished.fields.isEmpty {
                    aggregates[finished.name] = Aggregate(isUnion: finished.isUnion, fields: finished.fields)
                }
                current = nil
            }
            enumeration = (false, 0)
            try parseTopLevel(line, &current, &enumeration, &results)
        }
    }

    private mutating func parseTopLevel(
        _ line: Substring, _ current: inout (name: String, isUnion: Bool, fields: [CType.Field])?,
        _ enumeration: inout (isOpen: Bool, next: Int), _ results: inout [String: CType]
    ) throws {
        var tokens = Tokens(line)
        guard let first = tokens.take(), first.first.map({ $0.isLetter || $0 == "_" }) == true else { return }
        if first == "class" {
            let name = try tokens.name()
            current = line.contains("ctypes.") ? (name, line.contains("ctypes.Union"), []) : nil
            enumeration.isOpen = line.contains("(Enum)")
        } else if first.hasPrefix("_"), tokens.take(".") {
            let function = String(first.dropFirst())
            switch tokens.take() {
            case "restype":
                try tokens.expect("=")
                results[function] = try parseType(&tokens)
            case "argtypes":
                try tokens.expect("=")
                try tokens.expect("[")
                var parameters: [CType] = []
                while tokens.next != "]", tokens.next != nil {
                    parameters.append(try parseType(&tokens))
                    _ = tokens.take(",")
                }
                functions[function] = Function(result: results[function] ?? .void, parameters: parameters)
            default: break
            }
        } else if first.first?.isLetter == true, tokens.take("=") {
            aliases[first] = try parseType(&tokens)
        }
    }

    private func parseType(_ tokens: inout Tokens) throws -> CType {
        var name = try tokens.name()
        if name == "ctypes", tokens.take(".") {
            name = try tokens.name()
            switch name {
            case "POINTER":
                try tokens.expect("(")
                let pointee = try parseType(&tokens)
                try tokens.expect(")")
                return .pointer(pointee)
            case "CFUNCTYPE":
                try tokens.expect("(")
                var types: [CType] = []
                repeat { types.append(try parseType(&tokens)) } while tokens.take(",")
                try tokens.expect(")")
                return .function(result: types.first ?? .void, parameters: Array(types.dropFirst()))
            case "c_void_p":
                return .pointer(.void)
            default:
                guard let scalar = CType.scalars[String(name.dropFirst(2))] else {
                    throw LoadFailure(description: "unknown type `\(name)`")
                }
                guard tokens.take("*") else { return scalar }
                return .array(scalar, count: tokens.take().flatMap { Int($0) } ?? 0)
            }
        }
        if name == "None" { return .void }
        if let anonymous = aggregates[name], name.contains("_anon_") { return .anonymous(anonymous.fields) }
        return aliases[name] ?? .aggregate(name)
    }

    /// A field's name without what the generator added: a mark for a missing name, an underscore after a keyword.
    private static func plain(_ name: String) -> String {
        if name.hasPrefix("_anon_") { return "" }
        return name.hasSuffix("_") ? String(name.dropLast()) : name
    }
}
