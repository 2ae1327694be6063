// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailBinary

/// `dovetail parse FILE`
package struct ParseCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Translate WebAssembly text into the binary format.",
        discussion: """
            FILE is a core module or component as text (`.wat`); binary input is passed through. The output is \
            well-formed but not validated: use `dovetail validate`, which accepts text too. Without `-o` the binary \
            goes to standard output, unless that is a terminal.
            """,
        examples: [
            .init("dovetail parse adder.wat -o adder.wasm", "A file into a file."),
            .init("dovetail parse - < adder.wat | dovetail inspect -", "From one stream to the next."),
        ])

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the binary goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(help: "The text; `-` is standard input.", completion: .file(extensions: ["wat"])) var file: String

    package init() {}

    package func run() throws {
        let input = try WasmFile(file)
        guard input.isBinary || input.isPrecompiled || input.kind == .text else {
            // Whatever it is, the engine says best why it is no text.
            return try BinaryOutput.write(try WasmText.parse(input.bytes, name: input.name), to: output)
        }
        try BinaryOutput.write(try input.binary().bytes, to: output)
    }
}
