// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailBinary
import DovetailSystem

/// `dovetail compile FILE`
package struct CompileCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "compile", abstract: "Compile a component or core module ahead of time.",
        discussion: """
            `dovetail run` and `dovetail serve` run the result, a `.cwasm` file, without compiling anything, on the \
            same kind of machine and with the same version of the engine; other versions refuse it. HTTP components \
            are compiled for `dovetail serve`, which allocates memory differently: see `--for`. The result contains \
            native code that runs with all rights of the process: run only files that you or somebody you trust \
            compiled. Distribute `.wasm` files.
            """,
        examples: [
            .init("dovetail compile tool.wasm -o tool.cwasm", "Compile it once, …"),
            .init("dovetail run tool.cwasm one --two", "… and start it many times."),
            .init("dovetail compile tool.wasm", "The same as with `-o tool.cwasm`."),
        ])

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "Where the result goes; `-` is standard output. The name of FILE with the ending `.cwasm` when left out.",
            valueName: "file"),
        completion: .file(extensions: ["cwasm"]))
    var output: String?

    /// Who runs the result.
    enum Purpose: String, CaseIterable, ExpressibleByArgument { case run, serve }

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "What the result is optimized for: `run`, also for programs with the engine's default configuration, or `serve`, for "
                + "many short-lived instances. Both commands run either. Default: `serve` for components that export "
                + "`wasi:http/incoming-handler`, otherwise `run`.",
            valueName: "command"))
    var purpose: Purpose?

    @Argument(
        help: "The component or core module, binary or text; `-` is standard input.",
        completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    package init() {}

    package func run() throws {
        let input = try WasmFile(file)
        guard !input.isPrecompiled else {
            throw WasmFile.Failure(description: "`\(input.name)` is compiled already")
        }
        let binary = try input.binary()
        guard [.component, .coreModule].contains(binary.kind) else { throw binary.notWasm() }
        try BinaryOutput.write(try compile(binary), to: output ?? defaultOutput)
    }

    private func compile(_ binary: WasmFile) throws -> [UInt8] {
        guard binary.kind == .component, try isServed(binary) else { return try compile(binary, .onDemand) }
        do {
            return try compile(binary, try binary.contents.withBytes { try ServedMemory.best(for: $0) })
        } catch let error where ServedMemory.isPoolLimit(error) {
            StandardError.line(
                "note: `\(binary.name)` does not fit into a pool of instances: \(error); each will get memory of its own"
            )
            return try compile(binary, .onDemand)
        }
    }

    private func compile(_ binary: WasmFile, _ allocation: Engine.Configuration.Allocation) throws -> [UInt8] {
        var configuration = Engine.Configuration()
        configuration.allocation = allocation
        let engine = try Engine(configuration)
        defer { engine.warnOfCache() }
        return try withProgress("compiling \(binary.name)") { _ in
            try engine.precompile(binary.contents, name: binary.name)
        }
    }

    private func isServed(_ binary: WasmFile) throws -> Bool {
        if let purpose { return purpose == .serve }
        let decoded = try binary.contents.withBytes { try ComponentDecoder.decode($0) }
        return ServedMemory.isProxy(
            decoded.definitions.compactMap { if case .export(let export) = $0.value { export.name.name } else { nil } })
    }

    /// The name of the file with another ending, in this folder; standard output for standard input.
    private var defaultOutput: String {
        guard file != "-" else { return file }
        let name = file.split(separator: "/").last ?? Substring(file)
        let stem = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : name[..<$0] } ?? name
        return stem + ".cwasm"
    }
}

extension Engine {
    /// Says on standard error why the compile cache is not used, where it is there.
    func warnOfCache() {
        if let problem = cacheProblem { StandardError.line("warning: \(problem)") }
    }
}
