// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailBinary

/// `dovetail compile FILE`
package struct CompileCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "compile", abstract: "Compile a component or core module ahead of time.",
        discussion: """
            The result, a `.cwasm` file, is run by `dovetail run` without compiling anything, on the same kind of machine and \
            by the same version of the engine; any other refuses it. It holds native code, which runs with all rights of \
            the process: run only files that you or somebody you trust compiled. Distribute `.wasm` files.
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
        let engine = try Engine()
        let compiled = try withProgress("compiling \(input.name)") { _ in
            try engine.precompile(binary.contents, name: input.name)
        }
        engine.warnOfCache()
        try BinaryOutput.write(compiled, to: output ?? defaultOutput)
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
