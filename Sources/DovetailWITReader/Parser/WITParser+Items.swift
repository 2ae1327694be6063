// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension WITParser {
    mutating func file_() -> WITSyntax.File {
        var header: WITSyntax.PackageHeader?
        var items: [WITSyntax.Item] = []
        var atStart = true
        while current.kind != .endOfFile {
            let before = index
            do throws(Abandoned) {
                let item = try topLevelItem(allowHeader: atStart)
                switch item {
                case .header(let found): header = found
                case .item(let found): items.append(found)
                }
            } catch {
                recover()
                if index == before || isSymbol("}") { advance() }
            }
            atStart = false
        }
        return WITSyntax.File(file: file, package: header, items: items, tokens: tokens)
    }

    enum TopLevel {
        case header(WITSyntax.PackageHeader)
        case item(WITSyntax.Item)
    }

    mutating func topLevelItem(allowHeader: Bool) throws(Abandoned) -> TopLevel {
        let documentation = documentation()
        let attributes = try attributes()
        if isWord("package") {
            let keyword = current
            advance()
            let header = try packageHeader(documentation)
            if isSymbol("{") {
                depth += 1
                defer { depth -= 1 }
                guard depth <= Self.maximumDepth else { throw fail(.nestingTooDeep(at: span(keyword))) }
                let items = try block { (parser) throws(Abandoned) in try parser.nestedItem() }
                return .item(.package(.init(header: header, items: items)))
            }
            guard eat(";") else { throw fail(expected: allowHeader ? "`;` or `{`" : "`{`") }
            guard allowHeader else { throw fail(.packageNotFirst(at: header.span)) }
            return .header(header)
        }
        return .item(try item(documentation, attributes))
    }

    mutating func nestedItem() throws(Abandoned) -> WITSyntax.Item {
        guard case .item(let item) = try topLevelItem(allowHeader: false) else { throw Abandoned() }
        return item
    }

    mutating func item(
        _ documentation: WITSyntax.Documentation?, _ attributes: [WITSyntax.Attribute]
    ) throws(Abandoned) -> WITSyntax.Item {
        if isWord("interface") {
            refuseExternalID(attributes, on: "interface declarations")
            advance()
            let name = try identifier()
            let items = try interfaceBody()
            return .interface(
                .init(documentation: documentation, attributes: attributes, name: name, items: items))
        }
        if isWord("world") {
            refuseExternalID(attributes, on: "world declarations")
            advance()
            let name = try identifier()
            let items = try block { (parser) throws(Abandoned) in try parser.worldMember() }
            return .world(.init(documentation: documentation, attributes: attributes, name: name, items: items))
        }
        if isWord("use") {
            let start = current.start
            advance()
            let path = try usePath()
            let alias = eatWord("as") ? try identifier() : nil
            try expect(";")
            let whole = span(from: start)
            if !attributes.isEmpty { report(.attributeOnUse(at: whole)) }
            return .use(.init(attributes: attributes, path: path, alias: alias, span: whole))
        }
        throw fail(expected: "`world`, `interface`, `use` or `package`")
    }

    mutating func packageHeader(
        _ documentation: WITSyntax.Documentation?
    ) throws(Abandoned) -> WITSyntax.PackageHeader {
        let start = current.start
        let namespace = try identifier()
        try expect(":")
        let name = try identifier()
        let version = try optionalVersion()
        return .init(
            documentation: documentation,
            name: PackageName(namespace: namespace.name, name: name.name, version: version), span: span(from: start))
    }

    /// `id`, or `id:id/id` with a version.
    mutating func usePath() throws(Abandoned) -> WITSyntax.UsePath {
        let first = try identifier()
        guard eat(":") else { return .init(package: nil, packageSpan: first.span, item: first) }
        let name = try identifier()
        let packageEnd = name.span.end
        try expect("/")
        let item = try identifier()
        let version = try optionalVersion()
        return .init(
            package: PackageName(namespace: first.name, name: name.name, version: version),
            packageSpan: SourceSpan(file: file, start: first.span.start, end: packageEnd), item: item)
    }

    mutating func interfaceBody() throws(Abandoned) -> [WITSyntax.InterfaceMember] {
        try block { (parser) throws(Abandoned) in try parser.interfaceMember() }
    }

    mutating func interfaceMember() throws(Abandoned) -> WITSyntax.InterfaceMember {
        let documentation = documentation()
        let attributes = try attributes()
        if isWord("use") { return .use(try use(attributes)) }
        if let type = try typeDeclaration(documentation, attributes) { return .type(type) }
        guard current.kind == .word || current.kind == .escapedWord else {
            throw fail(expected: "`type`, `resource`, `use` or a function")
        }
        return .function(try functionItem(documentation, attributes))
    }

    mutating func functionItem(
        _ documentation: WITSyntax.Documentation?, _ attributes: [WITSyntax.Attribute]
    ) throws(Abandoned) -> WITSyntax.FunctionItem {
        let name = try identifier()
        try expect(":")
        let function = try function()
        try expect(";")
        return .init(documentation: documentation, attributes: attributes, name: name, function: function)
    }

    mutating func use(_ attributes: [WITSyntax.Attribute]) throws(Abandoned) -> WITSyntax.Use {
        advance()
        let path = try usePath()
        try expect(".")
        let names = try list("{", "}") { (parser) throws(Abandoned) in try parser.renaming(aliasRequired: false) }
        try expect(";")
        return .init(attributes: attributes, path: path, names: names)
    }

    mutating func renaming(aliasRequired: Bool) throws(Abandoned) -> WITSyntax.Renaming {
        let name = try identifier()
        if aliasRequired {
            try expectWord("as")
            return .init(name: name, alias: try identifier())
        }
        return .init(name: name, alias: eatWord("as") ? try identifier() : nil)
    }

    mutating func worldMember() throws(Abandoned) -> WITSyntax.WorldMember {
        let documentation = documentation()
        let attributes = try attributes()
        if eatWord("import") { return .import(try extern(documentation, attributes)) }
        if eatWord("export") { return .export(try extern(documentation, attributes)) }
        if isWord("use") { return .use(try use(attributes)) }
        if isWord("include") {
            refuseExternalID(attributes, on: "include statements")
            advance()
            let path = try usePath()
            var names: [WITSyntax.Renaming] = []
            if eatWord("with") {
                names = try list("{", "}") { (parser) throws(Abandoned) in try parser.renaming(aliasRequired: true) }
                _ = eat(";")
            } else {
                try expect(";")
            }
            return .include(.init(attributes: attributes, path: path, names: names))
        }
        if let type = try typeDeclaration(documentation, attributes) { return .type(type) }
        throw fail(expected: "`import`, `export`, `include`, `use` or a type")
    }

    mutating func extern(
        _ documentation: WITSyntax.Documentation?, _ attributes: [WITSyntax.Attribute]
    ) throws(Abandoned) -> WITSyntax.Extern {
        let kind = try externKind()
        return .init(documentation: documentation, attributes: attributes, kind: kind)
    }

    private mutating func externKind() throws(Abandoned) -> WITSyntax.Extern.Kind {
        guard isSymbol(":", ahead(1)) else {
            let path = try usePath()
            try expect(";")
            return .path(path)
        }
        let second = ahead(2)
        if isWord("interface", second) {
            let name = try identifier()
            advance()
            advance()
            return .inline(name, try interfaceBody())
        }
        if isWord("func", second) || isWord("async", second) || isSymbol("(", ahead(3)) {
            let name = try identifier()
            advance()
            let function = try function()
            try expect(";")
            return .function(name, function)
        }
        // `a:b/c` is the interface `c` of the package `a:b`; `a: b` and `a: b:c/d` are named.
        let isAdjacent = second.start == ahead(1).end
        if isSymbol("/", ahead(3)) || (isAdjacent && !isSymbol(":", ahead(3))) {
            let path = try usePath()
            try expect(";")
            return .path(path)
        }
        let name = try identifier()
        advance()
        guard current.kind == .word || current.kind == .escapedWord else {
            throw fail(expected: "a function, `interface` or the name of an interface")
        }
        let path = try usePath()
        try expect(";")
        return .namedPath(name, path)
    }
}
