// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

extension ToolchainError {
    private static let install = "install Swift 6.2 or newer from https://www.swift.org/install, "

    static func noToolchain() -> ToolchainError {
        ToolchainError(
            .toolchain,
            "there is no `swiftc` in `PATH`; " + install + "or name the folder of a toolchain by `--toolchain`")
    }

    static func missingPart(_ path: String, _ what: String, of root: String) -> ToolchainError {
        ToolchainError(
            .toolchain,
            "the Swift toolchain in `\(root)` has no `\(path)`, \(what), which components in Swift need; " + install
                + "whose toolchains have it, or name another one by `--toolchain`")
    }

    static func cannotRun(_ tool: String, _ error: SystemError) -> ToolchainError {
        ToolchainError(.toolchain, "cannot run `\(tool)`: \(error)")
    }

    static func files(_ verb: String, _ path: String, _ error: SystemError) -> ToolchainError {
        ToolchainError(.files, "cannot \(verb) `\(path)`: \(error)")
    }

    static func compilation(_ text: String) -> ToolchainError {
        ToolchainError(.compilation, "the sources do not compile\n" + text)
    }

    static func package(_ text: String) -> ToolchainError {
        ToolchainError(.compilation, "the package does not build\n" + text)
    }

    static func runtime(_ text: String) -> ToolchainError {
        ToolchainError(
            .toolchain,
            "the runtime of components does not compile with this toolchain; use Swift 6.2 or newer\n" + text)
    }

    static func compilerTimeLimit(_ tool: String, _ seconds: UInt32) -> ToolchainError {
        ToolchainError(
            .timeLimit,
            "`\(tool)` was stopped after \(seconds) s without a result; some code keeps the compiler of Embedded Swift busy "
                + "for ever, as `AnySequence` does (write generic functions over `some Sequence` instead); "
                + "`--time-limit` gives it more time")
    }

    static func unresolved(_ symbols: [(name: String, users: [String])]) -> ToolchainError {
        var text = symbols.count == 1 ? "a symbol is not defined:" : "symbols are not defined:"
        for symbol in symbols {
            text += "\n  `\(symbol.name)`"
            if !symbol.users.isEmpty { text += ", used by " + symbol.users.map { "`\($0)`" }.joined(separator: ", ") }
        }
        text += "\nneither the sources nor the runtime of components have "
        text += symbols.count == 1 ? "it; " : "them; "
        return ToolchainError(
            .linking, text + "functions of C's library, as mathematical ones, are there only with `--wasi-libc`")
    }

    static func linking(_ text: String) -> ToolchainError {
        ToolchainError(.linking, "the linker refuses the program\n" + text)
    }

    static func noSources(_ paths: [String]) -> ToolchainError {
        let list = paths.map { "`\($0)`" }.joined(separator: ", ")
        return ToolchainError(.input, "expected files in Swift, or folders with such, found none in \(list)")
    }

    static func noSuchPath(_ path: String) -> ToolchainError {
        ToolchainError(.input, "`\(path)` does not exist")
    }

    static func severalTargets(_ names: [String]) -> ToolchainError {
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        return ToolchainError(
            .input,
            "the package has \(names.isEmpty ? "no target in `Sources`" : "several targets: \(list)"); "
                + "say by `--bindings` which file the bindings of the world go to")
    }

    static func products(_ found: [String], _ wanted: String?) -> ToolchainError {
        let list = found.map { "`\($0)`" }.joined(separator: ", ")
        let what = found.isEmpty ? "the package makes no executable" : "the package makes \(list)"
        guard let wanted else {
            return ToolchainError(
                .input,
                what + (found.isEmpty ? "; declare an `executableTarget`" : "; name one of them by `--product`"))
        }
        return ToolchainError(.input, "there is no product `\(wanted)`; " + what)
    }

    static func projectName(_ name: String) -> ToolchainError {
        ToolchainError(
            .input,
            "expected a name of lower-case letters and digits with hyphens between words, as `my-tool`, found `\(name)`"
        )
    }

    static func noLibrary(_ folder: String) -> ToolchainError {
        ToolchainError(
            .toolchain,
            "there is no `libc.a` in `\(folder)`; name the folder with wasi-libc's libraries, as `/usr/lib/wasm32-wasi`"
        )
    }
}
