// SPDX-License-Identifier: Apache-2.0

import DovetailWITReader

// Messages about worlds that are compared, made and merged; errors of DovetailWIT are those of DovetailWITReader.
extension Diagnostic {
    static func cannotReplace(_ old: String, by new: String, _ reason: String) -> Diagnostic {
        Diagnostic("cannot replace import `\(old)` by `\(new)`: \(reason)")
    }
    static func exportIsImported(_ name: String) -> Diagnostic {
        Diagnostic("world export `\(name)` conflicts with the import of the same name; rename one of them")
    }
    static func worldNameTaken(_ name: String, _ package: PackageName) -> Diagnostic {
        Diagnostic("package `\(package)` has an interface or world `\(name)` already; choose another name")
    }
    static func worldNotFound(_ name: String, near: String?, known: [String]) -> Diagnostic {
        notFound("there is no world `\(name)`; worlds", near: near, known: known)
    }
    static func ambiguousWorld(_ package: PackageName, known: [String]) -> Diagnostic {
        Diagnostic(
            known.isEmpty
                ? "package `\(package)` has no world; name one of another package in full"
                : "package `\(package)` has several worlds; choose one of \(list(known))")
    }
    static func otherWorldPackage(_ old: PackageName, _ new: PackageName) -> Diagnostic {
        Diagnostic(
            "the old world is in package `\(old)`, the new one in `\(new)`; they must be versions of one package")
    }
    static func otherPackages(_ old: PackageName, _ new: PackageName) -> Diagnostic {
        Diagnostic("package `\(new)` is no version of `\(old)`; only versions of one package can be compared")
    }
    static func importNotFound(_ name: String, near: String?, known: [String]) -> Diagnostic {
        notFound("the world has no import `\(name)`; imports", near: near, known: known)
    }

    private static func notFound(_ problem: String, near: String?, known: [String]) -> Diagnostic {
        Diagnostic(
            "\(problem): \(known.isEmpty ? "none" : list(known))", label: near.map { "did you mean `\($0)`?" })
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
    }
}
