// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension BindgenError {
    static func unknownWorld(_ name: String, known: [String]) -> BindgenError {
        let hint: String
        if known.count <= 10 {
            hint = known.isEmpty ? "there is none" : "there is " + known.map { "`\($0)`" }.joined(separator: ", ")
        } else if let near = NameSuggestion.nearest(to: name, among: known) {
            hint = "did you mean `\(near)`?"
        } else {
            hint = "there are \(known.count) others"
        }
        return BindgenError(code: .unknownWorld, message: "world `\(name)` does not exist; \(hint)", where: name)
    }

    static func text(_ path: String) -> BindgenError {
        BindgenError(
            code: .input,
            message: "`\(path)` is WebAssembly text, which this tool cannot read: it has no engine; "
                + "run `dovetail parse` first, or `dovetail bindgen` instead", where: path)
    }

    static func noWorld(_ package: String) -> BindgenError {
        BindgenError(
            code: .unknownWorld,
            message: "package `\(package)` has no world; declare one, as `world plugin { export run: func(); }`",
            where: package)
    }

    static func ambiguousWorld(_ package: String, _ known: [String]) -> BindgenError {
        let list = known.map { "`\($0)`" }.joined(separator: ", ")
        return BindgenError(
            code: .ambiguousWorld, message: "package `\(package)` has several worlds: \(list); name one", where: package
        )
    }

    static func ambiguousVersion(_ name: String, _ known: [String]) -> BindgenError {
        let list = known.map { "`\($0)`" }.joined(separator: ", ")
        return BindgenError(
            code: .ambiguousWorld, message: "world `\(name)` is there in several versions: \(list); name one",
            where: name)
    }

    package static func notRepresentable(_ type: String, _ reason: String) -> BindgenError {
        BindgenError(code: .notRepresentable, message: "type `\(type)` cannot be generated: \(reason)", where: type)
    }

    static func tooLarge(_ place: String, limit: Int) -> BindgenError {
        BindgenError(
            code: .notRepresentable,
            message: "the type of \(place) is written with more than \(limit) parts; give some of them names",
            where: place)
    }

    static func sameType(_ name: String, _ one: String, _ other: String) -> BindgenError {
        BindgenError(
            code: .badOption,
            message: "worlds `\(one)` and `\(other)` would both be the Swift type `\(name)`; "
                + "generate them apart, with a `--name` for one of them",
            where: other)
    }

    static func badName(_ option: String, _ text: String) -> BindgenError {
        BindgenError(
            code: .badOption, message: "expected the name of a Swift type for `\(option)`, found `\(text)`", where: text
        )
    }

    static func badPair(_ text: String, form: String, for option: String) -> BindgenError {
        BindgenError(code: .badOption, message: "expected `\(form)` for `\(option)`, found `\(text)`", where: text)
    }

    static func namesNothing(_ option: String, _ name: String, _ lack: String, nearest: String?) -> BindgenError {
        let hint = nearest.map { "; did you mean `\($0)`?" } ?? ""
        return BindgenError(
            code: .badOption, message: "`\(option)` names `\(name)`, which the world \(lack)\(hint)", where: name)
    }
}
