// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Messages about names, types, gates and worlds.
extension Diagnostic {
    static func missingHeader(at span: SourceSpan?) -> Diagnostic {
        Diagnostic("no file of this package has a `package` line; add `package namespace:name;`", at: span)
    }
    static func otherPackage(_ name: PackageName, _ first: PackageName, at span: SourceSpan, firstAt: SourceSpan)
        -> Diagnostic
    {
        Diagnostic(
            "package name `\(name)` does not match `\(first)`", at: span,
            notes: [.init("the package is named here first", at: firstAt)])
    }
    static func secondPackageComment(at span: SourceSpan, firstAt: SourceSpan?) -> Diagnostic {
        Diagnostic(
            "more than one `package` line has a comment", at: span, notes: [.init("the first comment", at: firstAt)])
    }
    static func nestedPackage(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a package in braces must stand at the top of its file", at: span)
    }
    static func packageTwice(_ name: PackageName, at span: SourceSpan, firstAt: SourceSpan) -> Diagnostic {
        Diagnostic(
            "package `\(name)` is defined in two places", at: span, notes: [.init("the other definition", at: firstAt)])
    }
    static func packageTwice(_ name: PackageName, at span: SourceSpan, file: String) -> Diagnostic {
        Diagnostic("package `\(name)` is defined in two places: here and in `\(file)`; remove one of them", at: span)
    }
    static func packageCycle(_ name: PackageName, at span: SourceSpan, closedAt: SourceSpan) -> Diagnostic {
        let notes = closedAt == span ? [] : [Note("the cycle closes here", at: closedAt)]
        return Diagnostic("package `\(name)` depends on itself", at: span, notes: notes)
    }
    static func packageNotFound(_ name: PackageName, known: [PackageName], at span: SourceSpan) -> Diagnostic {
        let near = NameSuggestion.nearest(to: name.description, among: known.map(\.description))
        let same = known.first { $0.namespace == name.namespace && $0.name == name.name }
        let list = known.map { "`\($0)`" }.sorted().prefix(20).joined(separator: ", ")
        return Diagnostic(
            "package `\(name)` is not known; known packages: \(list.isEmpty ? "none" : list)", at: span,
            label: (same?.description ?? near).map { "did you mean `\($0)`?" })
    }
    static func notInPackage(
        _ kind: String, _ name: String, _ package: PackageName, known: [String], at span: SourceSpan
    ) -> Diagnostic {
        let near = NameSuggestion.nearest(to: name, among: known)
        return Diagnostic(
            "\(kind) `\(name)` is not in package `\(package)`", at: span, label: near.map { "did you mean `\($0)`?" })
    }
    static func itemTwice(_ name: String, at span: SourceSpan, firstAt: SourceSpan?) -> Diagnostic {
        Diagnostic(
            "`\(name)` is defined more than once", at: span, notes: [.init("the first definition", at: firstAt)])
    }
    static func itemNotFound(_ name: String, near: String?, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "interface or world `\(name)` does not exist", at: span, label: near.map { "did you mean `\($0)`?" })
    }
    static func wrongItem(_ name: String, is found: String, not expected: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("`\(name)` is \(found), expected \(expected)", at: span)
    }
    static func cycle(_ kind: String, _ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("\(kind) `\(name)` depends on itself", at: span)
    }
    static func typeNotFound(_ name: String, known: [String], at span: SourceSpan) -> Diagnostic {
        var near = NameSuggestion.nearest(to: name, among: known + primitiveNames)
        if name == "float32" { near = "f32" }
        if name == "float64" { near = "f64" }
        return Diagnostic("type `\(name)` does not exist", at: span, label: near.map { "did you mean `\($0)`?" })
    }
    private static let primitiveNames = [
        "bool", "char", "f32", "f64", "s8", "s16", "s32", "s64", "string", "u8", "u16", "u32", "u64",
    ]

    static func notInInterface(_ name: String, known: [String], at span: SourceSpan) -> Diagnostic {
        let near = NameSuggestion.nearest(to: name, among: known)
        return Diagnostic(
            "the interface has no type `\(name)`", at: span, label: near.map { "did you mean `\($0)`?" })
    }
    static func notAResource(_ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("`\(name)` is used as a handle, but it is not a resource", at: span)
    }
    static func invalidMapKey(at span: SourceSpan) -> Diagnostic {
        Diagnostic("invalid map key: expected bool, an integer type, char or string", at: span)
    }
    static func empty(_ what: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("\(what) is empty; it needs at least one member", at: span)
    }
    static func tooManyFlags(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a flags type cannot have more than 32 flags", at: span)
    }
    static func labelTwice(_ kind: String, _ name: String, _ first: String, at span: SourceSpan, firstAt: SourceSpan)
        -> Diagnostic
    {
        Diagnostic(
            "\(kind) `\(name)` conflicts with \(kind) `\(first)`; names must differ in more than case and hyphens",
            at: span, notes: [.init("`\(first)` is here", at: firstAt)])
    }
    static func nameConflict(_ name: String, _ first: String, at span: SourceSpan?, firstAt: SourceSpan?) -> Diagnostic
    {
        let message =
            name == first
            ? "name `\(name)` is defined more than once"
            : "name `\(name)` conflicts with `\(first)`; names must differ in more than case and hyphens"
        return Diagnostic(message, at: span, notes: [.init("`\(first)` is here", at: firstAt)])
    }
    static func constructorTwice(at span: SourceSpan, firstAt: SourceSpan) -> Diagnostic {
        Diagnostic(
            "a resource cannot have two constructors", at: span, notes: [.init("the first one", at: firstAt)])
    }
    static func constructorResult(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a constructor's result must be a `result`", at: span)
    }
    static func constructorOk(_ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("a constructor's ok type must be the resource `\(name)`", at: span)
    }
    static func setterWithoutGetter(_ name: String, _ getter: String, at span: SourceSpan?) -> Diagnostic {
        Diagnostic("setter `\(name)` has no getter `\(getter)`", at: span)
    }
    static func setterType(_ name: String, at span: SourceSpan?) -> Diagnostic {
        Diagnostic("the parameter of setter `\(name)` is not of the type that its getter returns", at: span)
    }
    static func interfaceTwice(_ direction: String, at span: SourceSpan, firstAt: SourceSpan?) -> Diagnostic {
        Diagnostic(
            "interface cannot be \(direction)ed more than once", at: span, notes: [.init("the first one", at: firstAt)])
    }
    static func externConflict(
        _ direction: String, _ name: String, _ kind: String, at span: SourceSpan, firstAt: SourceSpan?
    ) -> Diagnostic {
        Diagnostic(
            "\(direction) `\(name)` conflicts with a \(kind) of the same name", at: span,
            notes: [.init("`\(name)` is here", at: firstAt)])
    }
    static func excluded(_ what: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "this refers to \(what) behind an inactive feature; put it behind the same feature, or enable that",
            at: span)
    }
    static func gateWithoutVersion(_ name: PackageName, at span: SourceSpan) -> Diagnostic {
        Diagnostic("package `\(name)` uses `@since` and so needs a version", at: span)
    }
    static func unreleased(_ since: SemanticVersion, _ name: PackageName, at span: SourceSpan) -> Diagnostic {
        Diagnostic("`@since` names version \(since), which is later than package `\(name)`", at: span)
    }
    static func returnsBorrow(_ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("function `\(name)` returns a type that contains a `borrow`", at: span)
    }
    static func includeShadows(_ direction: String, _ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "the included world has \(direction) `\(name)`, which this world has already; rename it with `with { … as … }`",
            at: span)
    }
    static func includeRename(
        _ name: WITSyntax.Identifier, known: [String], at span: SourceSpan
    ) -> Diagnostic {
        let near = NameSuggestion.nearest(to: name.name, among: known).map { "did you mean `\($0)`?" }
        return Diagnostic(
            "the included world has no plain name `\(name.name)`; names of interfaces cannot be changed", at: span,
            label: near, notes: [.init("it is given a new name here", at: name.span)])
    }
    static func tooManyItems(at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "the worlds have more than \(WITResolver.maximumItems) imports and exports, including those of included worlds "
                + "and used interfaces; split the package", at: span)
    }
    static func stabilityMismatch(at span: SourceSpan) -> Diagnostic {
        Diagnostic("the included worlds have different feature gates for the same interface", at: span)
    }
    static func transitiveConflict(_ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "interface `\(name)` depends on an interface both as an import and as an export; export the interfaces in between, too",
            at: span)
    }
}
