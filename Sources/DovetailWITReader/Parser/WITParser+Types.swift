// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension WITParser {
    /// A type declaration, `nil` when the current token begins something else.
    mutating func typeDeclaration(
        _ documentation: WITSyntax.Documentation?, _ attributes: [WITSyntax.Attribute]
    ) throws(Abandoned) -> WITSyntax.TypeDeclaration? {
        let keyword = span(current)
        guard current.kind == .word else { return nil }
        let name: WITSyntax.Identifier
        let body: WITSyntax.TypeBody
        switch text(current) {
        case "type":
            advance()
            name = try identifier()
            try expect("=")
            body = .alias(try type())
            try expect(";")
        case "record":
            advance()
            name = try identifier()
            body = .record(try list("{", "}") { (parser) throws(Abandoned) in try parser.parameter(withComment: true) })
        case "variant":
            advance()
            name = try identifier()
            body = .variant(try list("{", "}") { (parser) throws(Abandoned) in try parser.variantCase() })
        case "enum":
            advance()
            name = try identifier()
            body = .enum(try list("{", "}") { (parser) throws(Abandoned) in try parser.label() })
        case "flags":
            advance()
            name = try identifier()
            body = .flags(try list("{", "}") { (parser) throws(Abandoned) in try parser.label() })
        case "resource":
            advance()
            name = try identifier()
            if eat(";") {
                body = .resource([])
            } else {
                body = .resource(try block { (parser) throws(Abandoned) in try parser.resourceMember() })
            }
        default: return nil
        }
        return .init(documentation: documentation, attributes: attributes, name: name, body: body, span: keyword)
    }

    private mutating func variantCase() throws(Abandoned) -> WITSyntax.VariantCase {
        let documentation = documentation()
        let name = try identifier()
        var type: WITSyntax.TypeReference?
        if eat("(") {
            type = try self.type()
            try expect(")")
        }
        return .init(documentation: documentation, name: name, type: type)
    }

    private mutating func label() throws(Abandoned) -> WITSyntax.LabelItem {
        let documentation = documentation()
        return .init(documentation: documentation, name: try identifier())
    }

    mutating func parameter(withComment: Bool) throws(Abandoned) -> WITSyntax.Parameter {
        let documentation = withComment ? documentation() : nil
        let name = try identifier()
        try expect(":")
        return .init(documentation: documentation, name: name, type: try type())
    }

    private mutating func resourceMember() throws(Abandoned) -> WITSyntax.ResourceMember {
        let documentation = documentation()
        let attributes = try attributes()
        if isWord("constructor") {
            let keyword = span(current)
            advance()
            let parameters = try parameterList()
            var result: WITSyntax.TypeReference?
            if current.kind == .arrow {
                advance()
                result = try type()
            }
            try expect(";")
            let function = WITSyntax.Function(
                isAsync: false, role: .plain, parameters: parameters, result: result, span: keyword)
            let name = WITSyntax.Identifier(name: "constructor", span: keyword)
            return .init(
                kind: .constructor,
                item: .init(documentation: documentation, attributes: attributes, name: name, function: function))
        }
        let name = try identifier("`constructor` or an identifier")
        try expect(":")
        let isStatic = eatWord("static")
        let function = try function()
        try expect(";")
        return .init(
            kind: isStatic ? .static : .method,
            item: .init(documentation: documentation, attributes: attributes, name: name, function: function))
    }

    private mutating func parameterList() throws(Abandoned) -> [WITSyntax.Parameter] {
        try list("(", ")") { (parser) throws(Abandoned) in try parser.parameter(withComment: false) }
    }

    /// `func`, `async func`, `get` or `set` with parameters and result.
    mutating func function() throws(Abandoned) -> WITSyntax.Function {
        let isAsync = eatWord("async")
        let keyword = current
        var role = FunctionDefinition.Role.plain
        if !isAsync, isSymbol("(", ahead(1)) {
            if isWord("get") { role = .getter }
            if isWord("set") { role = .setter }
        }
        if role == .plain { try expectWord("func") } else { advance() }
        let parameters = try parameterList()
        var result: WITSyntax.TypeReference?
        if current.kind == .arrow {
            advance()
            result = try type()
        }
        let function = WITSyntax.Function(
            isAsync: isAsync, role: role, parameters: parameters, result: result, span: span(keyword))
        checkAccessor(function)
        return function
    }

    /// The rules for getters and setters. (Binary.md, "Import and Export Definitions")
    private mutating func checkAccessor(_ function: WITSyntax.Function) {
        switch function.role {
        case .plain: return
        case .getter:
            if let first = function.parameters.first { report(.getterParameters(at: first.name.span)) }
            if function.result == nil { report(.getterWithoutResult(at: function.span)) }
            if let result = function.result, case .result(nil, _) = result.kind {
                report(.getterResult(at: result.span))
            }
        case .setter:
            if function.parameters.count != 1 {
                let extra = function.parameters.dropFirst().first?.name.span
                report(.setterParameters(at: extra ?? function.span))
            }
            guard let result = function.result else { return }
            if case .result(nil, _) = result.kind { return }
            report(.setterResult(at: result.span))
        }
    }

    /// A type where one is used.
    mutating func type() throws(Abandoned) -> WITSyntax.TypeReference {
        depth += 1
        defer { depth -= 1 }
        let token = current
        guard depth <= Self.maximumDepth else { throw fail(.nestingTooDeep(at: span(token))) }
        guard token.kind == .word || token.kind == .escapedWord else { throw fail(expected: "a type") }
        guard token.kind == .word, let keyword = Self.typeKeywords[text(token)] else {
            let name = try identifier("a type")
            return .init(kind: .name(name), span: name.span)
        }
        advance()
        let kind: WITSyntax.TypeReference.Kind
        switch keyword {
        case .primitive(let type):
            kind = .primitive(type)
        case .list:
            try expect("<")
            let element = try type()
            if eat(",") {
                kind = .fixedLengthList(element, count: try length())
            } else {
                kind = .list(element)
            }
            try expect(">")
        case .map:
            try expect("<")
            let key = try type()
            try expect(",")
            kind = .map(key, try type())
            try expect(">")
        case .tuple:
            kind = .tuple(try list("<", ">") { (parser) throws(Abandoned) in try parser.type() })
        case .option:
            try expect("<")
            kind = .option(try type())
            try expect(">")
        case .result:
            kind = try resultType()
        case .future, .stream:
            var element: WITSyntax.TypeReference?
            if eat("<") {
                element = try type()
                try expect(">")
            }
            kind = keyword == .future ? .future(element) : .stream(element)
        case .own, .borrow:
            try expect("<")
            let name = try identifier("the name of a resource")
            try expect(">")
            kind = keyword == .own ? .own(name) : .borrow(name)
        }
        return .init(kind: kind, span: span(from: token.start))
    }

    private mutating func resultType() throws(Abandoned) -> WITSyntax.TypeReference.Kind {
        guard eat("<") else { return .result(ok: nil, error: nil) }
        if current.kind == .underscore {
            advance()
            try expect(",")
            let error = try type()
            try expect(">")
            return .result(ok: nil, error: error)
        }
        let ok = try type()
        let error = eat(",") ? try type() : nil
        try expect(">")
        return .result(ok: ok, error: error)
    }

    private mutating func length() throws(Abandoned) -> UInt32 {
        let token = current
        guard token.kind == .integer else { throw fail(expected: "a fixed length") }
        let whole = wholeNumber(token)
        guard let count = UInt32(text(whole)), count > 0 else {
            throw fail(.invalidLength(text(whole), at: span(whole)))
        }
        advance()
        return count
    }

    private enum TypeKeyword: Equatable {
        case primitive(ValueType)
        case list, map, tuple, option, result, future, stream, own, borrow
    }

    private static let typeKeywords: [String: TypeKeyword] = [
        "u8": .primitive(.u8), "u16": .primitive(.u16), "u32": .primitive(.u32), "u64": .primitive(.u64),
        "s8": .primitive(.s8), "s16": .primitive(.s16), "s32": .primitive(.s32), "s64": .primitive(.s64),
        "f32": .primitive(.f32), "f64": .primitive(.f64), "char": .primitive(.char), "bool": .primitive(.bool),
        "string": .primitive(.string), "error-context": .primitive(.errorContext), "list": .list, "map": .map,
        "tuple": .tuple, "option": .option, "result": .result, "future": .future, "stream": .stream, "own": .own,
        "borrow": .borrow,
    ]
}
