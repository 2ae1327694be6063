// SPDX-License-Identifier: Apache-2.0

/// WIT texts with very many things of one kind: what reads them has to take time in proportion to their length.
package enum LargeWIT: String, CaseIterable, Sendable {
    case interfaces, uses, resources, records, fields, cases, functions, parameters, usedNames, topLevelUses, comments
    case accessors, gates, aliases, resourceAliases, worlds, imports, importsAndExports, worldFunctions,
        inlineInterfaces
    case namedInterfaces, worldTypes, worldResources, includes, includesWithNames, packages, versions
    // Texts with mistakes.
    case oneMistake, unknownTypes, unknownUses, unknownImports, unknownPackages, wrongFunctions, strayCharacters
    case duplicates, openBraces

    /// Whether the text is right.
    package var isRight: Bool {
        switch self {
        case .oneMistake, .unknownTypes, .unknownUses, .unknownImports, .unknownPackages, .wrongFunctions,
            .strayCharacters, .duplicates, .openBraces:
            false
        default: true
        }
    }

    /// A text with `count` things.
    package func text(_ count: Int) -> String {
        func each(_ item: (Int) -> String) -> String { (0..<count).map(item).joined(separator: "\n") }
        func interface(_ body: String) -> String { "interface i {\n\(body)\n}\n" }
        func world(_ body: String) -> String { "world w {\n\(body)\n}\n" }
        let interfaces = each { "interface i\($0) { type t = u\($0 % 2 == 0 ? 8 : 16); f: func(x: t) -> u8; }" } + "\n"
        let body: String
        switch self {
        case .interfaces: body = interfaces
        case .uses:
            body =
                "interface base { record r { x: u8 } }\n" + each { "interface i\($0) { use base.{r}; f: func(x: r); }" }
        case .resources:
            body = interface(
                each { "resource r\($0) { constructor(a: u32); m: func(); s: static func() -> r\($0); }" })
        case .records:
            body = interface(
                each { "record r\($0) { a: u32, b: list<\($0 % 20 == 0 ? "u8" : "r\($0 - 1)")>, }" })
        case .fields: body = interface("record r { " + each { "n\($0): u32," } + " }")
        case .cases:
            body = interface(
                "enum e { " + each { "n\($0)," } + " }\nvariant v { " + each { "n\($0)(u8)," } + " }")
        case .functions: body = interface(each { "n\($0): func(a: tuple<u8, list<u\(8 << ($0 % 3))>>) -> string;" })
        case .parameters: body = interface("f: func(" + each { "n\($0): u8," } + ");")
        case .usedNames:
            body =
                "interface base {\n" + each { "type t\($0) = u8;" } + "\n}\n"
                + interface("use base.{" + each { "t\($0)," } + "};")
        case .topLevelUses:
            body =
                each { "interface i\($0) { type t = u8; }\nuse i\($0) as j\($0);" } + world(each { "import j\($0);" })
        case .comments:
            body = interface(
                each { _ in "/// c" } + "\nf: func();\n" + each { "// x\n\n/// doc \($0)\ng\($0): func(); /* y */" })
        case .accessors:
            let all = each { "p\($0): get() -> u8;\np\($0): set(v: u8);" }
            body = interface(all) + world(each { "import p\($0): get() -> u8;\nimport p\($0): set(v: u8);" })
        case .gates:
            body = interface(each { "@since(version = 1.0.0)\n@external-id(\"x\($0)\")\nn\($0): func();" })
        case .aliases: body = interface("type t0 = u8;" + each { "type t\($0 + 1) = t\($0); n\($0): func(x: t\($0));" })
        case .resourceAliases:
            body = interface("resource t0;" + each { "type t\($0 + 1) = t\($0); n\($0): func(x: t\($0));" })
        case .worlds: body = interface("f: func();") + each { "world w\($0) { import i; }" }
        case .imports: body = interfaces + world(each { "import i\($0);" })
        case .importsAndExports: body = interfaces + world(each { "import i\($0);\nexport i\($0);" })
        case .worldFunctions: body = world(each { "import n\($0): func(a: u8);\nexport m\($0): func();" })
        case .inlineInterfaces: body = world(each { "import n\($0): interface { type t = u8; a: func(x: t); }" })
        case .namedInterfaces: body = interface("f: func();") + world(each { "import n\($0): i;\nexport m\($0): i;" })
        case .worldTypes: body = world(each { "record r\($0) { a: u8 }\nimport n\($0): func(x: r\($0));" })
        case .worldResources: body = world(each { "resource r\($0) { m: func(); }" })
        case .includes:
            body = each { "world w\($0) { import n\($0): func(); }" } + "\n" + world(each { "include w\($0);" })
        case .includesWithNames:
            body =
                "world v {" + each { "import n\($0): func();" } + "}\n"
                + world("include v with { " + each { "n\($0) as m\($0)," } + "}")
        case .packages:
            body = each { "package p:q\($0) { interface i { f: func(); } }" } + world(each { "import p:q\($0)/i;" })
        case .versions:
            func twice(_ item: (Int, Int) -> String) -> String { each { item($0, 0) + "\n" + item($0, 1) } }
            body =
                twice { "package p:q\($0)@1.0.\($1) { interface i { type t = u8; f: func(x: t); } }" }
                + world(twice { "import p:q\($0)/i@1.0.\($1);" })
        case .oneMistake: body = interfaces + "interface broken { f: fun(); }"
        case .unknownTypes: body = interface(each { "type known\($0) = u8;\nn\($0): func(x: missing\($0));" })
        case .unknownUses:
            body =
                "interface b {" + each { "type known\($0) = u8;" } + "}\n"
                + interface(each { "use b.{ unknown\($0) };" })
        case .unknownImports: body = each { "interface known\($0) {}" } + world(each { "import unknown\($0);" })
        case .unknownPackages: body = each { "package p:known\($0) {}" } + world(each { "import p:unknown\($0)/i;" })
        case .wrongFunctions: body = interface(each { "n\($0): fun();" })
        case .strayCharacters: body = interface(each { "n\($0): $ func();" })
        case .duplicates: body = interface(each { _ in "f: func();" })
        case .openBraces: body = "interface i {\n" + each { _ in "record r { x: {" }
        }
        return "package a:b@1.0.0;\n" + body + "\n"
    }
}
