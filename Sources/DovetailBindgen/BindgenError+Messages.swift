// SPDX-License-Identifier: Apache-2.0

extension BindgenError {
    static func unknownWorld(_ name: String, known: [String]) -> BindgenError {
        let list = known.isEmpty ? "there is none" : "there is " + known.map { "`\($0)`" }.joined(separator: ", ")
        return BindgenError(code: .unknownWorld, message: "world `\(name)` does not exist; \(list)", where: name)
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

    static func notRepresentable(_ type: String, _ reason: String) -> BindgenError {
        BindgenError(code: .notRepresentable, message: "type `\(type)` cannot be generated: \(reason)", where: type)
    }

    static func badWith(_ text: String) -> BindgenError {
        BindgenError(
            code: .badOption, message: "expected `ns:pkg/iface=Module.Type`, found `\(text)`", where: text)
    }

    static func badRename(_ text: String) -> BindgenError {
        BindgenError(code: .badOption, message: "expected `ns:pkg/iface=Name`, found `\(text)`", where: text)
    }

    static func noSuchInterface(_ name: String, option: String) -> BindgenError {
        BindgenError(
            code: .badOption, message: "`\(option)` names `\(name)`, which the world neither imports nor exports",
            where: name)
    }
}
