// SPDX-License-Identifier: Apache-2.0

/// Reads the target's own headers: the little of C that they use.
extension Declarations {
    /// - Parameters:
    ///   - types: the text of the header of types.
    ///   - functions: the text of the list of functions.
    init(types: String, functions: String) throws {
        var tokens = Tokens(Self.code(types))
        while let next = tokens.take() {
            switch next {
            case "typedef": try parseTypedef(&tokens)
            case "static": try parseConstant(&tokens)
            case ";": continue
            default: throw LoadFailure(description: "unexpected `\(next)` in the header of types")
            }
        }
        tokens = Tokens(Self.code(functions))
        while tokens.next != nil {
            try tokens.expect("DOVETAIL_FN")
            try tokens.expect("(")
            let (_, result) = try parseDeclarator(&tokens)
            try tokens.expect(",")
            let name = try tokens.name()
            try tokens.expect(",")
            self.functions[name] = Function(result: result, parameters: try parseParameters(&tokens))
        }
    }

    /// The text without comments and directives.
    private static func code(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: true)
            .map { line in line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first ?? "" }
            .filter { !$0.hasPrefix("#") }
            .joined(separator: "\n")
    }

    private mutating func parseConstant(_ tokens: inout Tokens) throws {
        _ = try parseBase(&tokens)
        let name = try tokens.name()
        try tokens.expect("=")
        constants[name] = tokens.take().flatMap { Int($0) }
        try tokens.expect(";")
    }

    private mutating func parseTypedef(_ tokens: inout Tokens) throws {
        let (name, type) = try parseDeclarator(&tokens)
        try tokens.expect(";")
        if case .aggregate(name) = type { return }
        aliases[name] = type
    }

    /// Parses a type and what it declares. A name that is missing is empty.
    private mutating func parseDeclarator(_ tokens: inout Tokens) throws -> (name: String, type: CType) {
        var type = try parsePointers(&tokens, to: parseBase(&tokens))
        if tokens.next == "(" {  // a pointer to a function: result (*name)(parameters)
            try tokens.expect("(")
            try tokens.expect("*")
            skipQualifiers(&tokens)
            let name = try tokens.name()
            try tokens.expect(")")
            try tokens.expect("(")
            return (name, .function(result: type, parameters: try parseParameters(&tokens)))
        }
        var name = ""
        if let next = tokens.next, next != ",", next != ")", next != ";" {
            name = try tokens.name()
        }
        if tokens.take("[") {
            type = .array(type, count: tokens.take().flatMap { Int($0) } ?? 0)
            try tokens.expect("]")
        }
        return (name, type)
    }

    private mutating func parseBase(_ tokens: inout Tokens) throws -> CType {
        skipQualifiers(&tokens)
        if tokens.next == "struct" || tokens.next == "union" {
            let isUnion = tokens.take() == "union"
            let tag = tokens.next == "{" ? "" : try tokens.name()
            guard tokens.take("{") else { return .aggregate(tag) }
            var fields: [CType.Field] = []
            while !tokens.take("}") {
                let (name, type) = try parseDeclarator(&tokens)
                fields.append(CType.Field(name: name, type: type))
                try tokens.expect(";")
            }
            if tag.isEmpty { return .anonymous(fields) }
            aggregates[tag] = Aggregate(isUnion: isUnion, fields: fields)
            return .aggregate(tag)
        }
        let name = try tokens.name()
        defer { skipQualifiers(&tokens) }
        if let scalar = CType.scalars[name] { return scalar }
        return aliases[name] ?? .aggregate(name)
    }

    private func parsePointers(_ tokens: inout Tokens, to base: CType) throws -> CType {
        var type = base
        skipQualifiers(&tokens)
        while tokens.take("*") {
            type = .pointer(type)
            skipQualifiers(&tokens)
        }
        return type
    }

    /// Parses parameters up to and with the closing parenthesis.
    private mutating func parseParameters(_ tokens: inout Tokens) throws -> [CType] {
        var parameters: [CType] = []
        repeat {
            parameters.append(try parseDeclarator(&tokens).type)
        } while tokens.take(",")
        try tokens.expect(")")
        return parameters == [.void] ? [] : parameters
    }

    private func skipQualifiers(_ tokens: inout Tokens) {
        while let next = tokens.next, ["const", "_Nullable", "_Nonnull"].contains(next) {
            _ = tokens.take()
        }
    }
}
