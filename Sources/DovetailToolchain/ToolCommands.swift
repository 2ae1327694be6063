// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// The commands by which components in Swift are compiled and linked.
struct ToolCommands {
    private let toolchain: SwiftToolchain
    private let options: GuestBuildOptions

    init(_ toolchain: SwiftToolchain, _ options: GuestBuildOptions) {
        self.toolchain = toolchain
        self.options = options
    }

    /// What all Swift code is compiled with.
    ///
    /// Async functions end in calls of those that wait for them: without tail calls, the stack grows with every `await`. LLVM
    /// puts what checks the stack behind such a call, where nothing may be.
    static let languageFlags = [
        "-target", SwiftToolchain.target, "-enable-experimental-feature", "Embedded", "-enable-experimental-feature",
        "Extern", "-wmo", "-Xcc", "-mtail-call", "-Xfrontend", "-disable-stack-protector",
    ]
    /// What the linker is told about all programs.
    static let linkFlags = ["--no-entry", "--gc-sections", "-z", "stack-size=65536", "--stack-first"]

    private var swiftFlags: [String] {
        Self.languageFlags + ["-swift-version", "6", options.optimization.rawValue]
            + (options.keepsTrapTexts ? ["-assert-config", "Debug"] : [])
            + (options.optimizesAtLink ? ["-lto=llvm-full"] : [])
    }

    private var clangFlags: [String] {
        [
            "--target=\(SwiftToolchain.target)", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-mbulk-memory",
            options.optimization == .size ? "-Os" : "-O2", "-fno-stack-protector", "-ffunction-sections",
            "-fdata-sections",
        ] + (options.optimizesAtLink ? ["-flto"] : [])
    }

    /// What SwiftPM tells the compiler; it names the language's version and modules itself.
    var packageFlags: [String] {
        Self.languageFlags.filter { $0 != "-target" && $0 != SwiftToolchain.target }
            + [options.optimization.rawValue, "-Xclang-linker", "-nostdlib"]
    }

    /// What SwiftPM tells the linker before the objects.
    var packageLinkFlags: [String] { Self.linkFlags + (options.keepsNames ? [] : ["--strip-all"]) }

    /// The Unicode tables to link with.
    var tables: [String] { options.hasUnicode ? [toolchain.unicodeTables] : [] }

    /// What the compiled runtime depends on.
    var runtimeFlags: [String] { swiftFlags + clangFlags }

    /// Compiles a module of the runtime.
    ///
    /// - Parameters:
    ///   - object: the name of the object file.
    ///   - flags: what it is compiled with besides.
    func compileModule(
        _ name: String, _ sources: [String], object: String, in folder: String, flags: [String] = []
    ) throws(ToolchainError) {
        let outcome = try run(
            "swiftc",
            swiftFlags + flags + [
                "-parse-as-library", "-I", folder, "-module-name", name, "-emit-module", "-emit-module-path",
                Files.join(folder, "\(name).swiftmodule"), "-c",
            ] + sources + ["-o", Files.join(folder, object)])
        guard outcome.code == 0 else { throw .runtime(outcome.text) }
    }

    /// Compiles a file of the runtime in C.
    func compileC(_ source: String, to object: String) throws(ToolchainError) {
        let outcome = try run("clang", clangFlags + ["-c", source, "-o", object])
        guard outcome.code == 0 else { throw .runtime(outcome.text) }
    }

    /// Compiles a program; returns the warnings.
    func compile(_ sources: [String], modules: String, to object: String) throws(ToolchainError) -> String {
        let hasMain = sources.contains { $0 == "main.swift" || $0.hasSuffix("/main.swift") }
        let outcome = try run(
            "swiftc",
            swiftFlags + (hasMain ? [] : ["-parse-as-library"])
                + (options.refusesWarnings ? ["-warnings-as-errors"] : [])
                + (options.showsColors ? ["-color-diagnostics"] : [])
                + ["-module-name", "Guest", "-I", modules, "-c"] + sources + ["-o", object])
        guard outcome.code == 0 else { throw .compilation(outcome.text) }
        return outcome.text
    }

    /// Links a program.
    func link(_ objects: [String], to module: String) throws(ToolchainError) {
        var arguments = Self.linkFlags
        if !options.keepsNames { arguments.append("--strip-all") }
        if options.optimizesAtLink {
            arguments += ["--lto-O2", "-mllvm", "-inline-threshold=0", "--compress-relocations"]
        }
        if let library = options.wasiLibc {
            guard Files.exists(Files.join(library, "libc.a")) else { throw .noLibrary(library) }
            arguments += [Files.join(library, "crt1-reactor.o"), "--export=_initialize", "-L", library]
        }
        arguments += objects
        arguments += tables
        // For what is still missing: memory is the runtime's own.
        if options.wasiLibc != nil { arguments += ["-lm", "-lc"] }
        let outcome = try run("wasm-ld", arguments + ["-o", module])
        guard outcome.code == 0 else {
            let text = demangled(outcome.text)
            let symbols = LinkerMessages.unresolved(in: text)
            throw symbols.isEmpty ? .linking(text) : .unresolved(symbols)
        }
    }

    /// Text with Swift's names for symbols, where the toolchain has the tool for that.
    private func demangled(_ text: String) -> String {
        var known: [String: String] = [:]
        var result = ""
        for piece in text.split(separator: "$", omittingEmptySubsequences: false).enumerated() {
            guard piece.offset > 0 else {
                result += piece.element
                continue
            }
            let symbol = "$" + piece.element.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let rest = piece.element.dropFirst(symbol.count - 1)
            if known[symbol] == nil {
                let outcome = try? ChildProcess.run(
                    [toolchain.tool("swift-demangle"), "--compact", symbol], timeLimit: 10)
                known[symbol] = outcome?.code == 0 ? outcome?.text : symbol
            }
            result += (known[symbol] ?? symbol) + rest
        }
        return result
    }

    private func run(_ tool: String, _ arguments: [String]) throws(ToolchainError) -> ChildProcess.Outcome {
        let outcome: ChildProcess.Outcome
        do throws(SystemError) {
            outcome = try ChildProcess.run([toolchain.tool(tool)] + arguments, timeLimit: options.timeLimit)
        } catch {
            throw .cannotRun(toolchain.tool(tool), error)
        }
        if outcome.wasStopped { throw .compilerTimeLimit(tool, options.timeLimit) }
        return outcome
    }
}
