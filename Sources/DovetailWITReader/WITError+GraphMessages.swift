// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension WITError {
    /// An error about packages that are resolved already: there is no text to point to.
    package init(_ diagnostic: Diagnostic, code: Code = .incompatible) {
        self.init(code: code, diagnostics: [diagnostic], sources: SourceMap())
    }
}

// Messages about whole packages and worlds.
extension Diagnostic {
    static func unreadablePackage(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic("cannot read the package in `\(path)`: \(reason)")
    }
    static func packageInTwoFiles(_ name: PackageName, _ path: String, _ other: String) -> Diagnostic {
        Diagnostic("package `\(name)` is in `\(other)` and in `\(path)`; remove one of them")
    }
    static func packagesDiffer(_ paths: [String], _ reason: String) -> Diagnostic {
        let list = paths.sorted().map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic("\(list) and the other dependencies contradict each other: \(reason)")
    }
    static func binariesNotRead(_ path: String) -> Diagnostic {
        Diagnostic("dependency `\(path)` is in binary form, which is not read here; give its WIT text instead")
    }
    static func circle(_ one: String?, _ other: String?) -> Diagnostic {
        Diagnostic("`\(one ?? "?")` and `\(other ?? "?")` would depend on each other")
    }
    static func mergeConflict(_ place: String, _ reason: String) -> Diagnostic {
        Diagnostic("cannot merge \(place): \(reason)")
    }
    package static func cannotReplace(_ old: String, by new: String, _ reason: String) -> Diagnostic {
        Diagnostic("cannot replace import `\(old)` by `\(new)`: \(reason)")
    }
    package static func exportIsImported(_ name: String) -> Diagnostic {
        Diagnostic("world export `\(name)` conflicts with the import of the same name; rename one of them")
    }
    package static func worldNameTaken(_ name: String, _ package: PackageName) -> Diagnostic {
        Diagnostic("package `\(package)` has an interface or world `\(name)` already; choose another name")
    }
    package static func worldNotFound(_ name: String, near: String?, known: [String]) -> Diagnostic {
        let list = known.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic(
            "there is no world `\(name)`; worlds: \(list.isEmpty ? "none" : list)",
            label: near.map { "did you mean `\($0)`?" })
    }
    package static func ambiguousWorld(_ package: PackageName, known: [String]) -> Diagnostic {
        let list = known.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic(
            known.isEmpty
                ? "package `\(package)` has no world; name one of another package in full"
                : "package `\(package)` has several worlds; choose one of \(list)")
    }
    package static func otherWorldPackage(_ old: PackageName, _ new: PackageName) -> Diagnostic {
        Diagnostic(
            "the old world is in package `\(old)`, the new one in `\(new)`; they must be versions of one package")
    }
    package static func otherPackages(_ old: PackageName, _ new: PackageName) -> Diagnostic {
        Diagnostic("package `\(new)` is no version of `\(old)`; only versions of one package can be compared")
    }
    package static func importNotFound(_ name: String, near: String?, known: [String]) -> Diagnostic {
        let list = known.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic(
            "the world has no import `\(name)`; imports: \(list.isEmpty ? "none" : list)",
            label: near.map { "did you mean `\($0)`?" })
    }
}
