// SPDX-License-Identifier: Apache-2.0

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
}
