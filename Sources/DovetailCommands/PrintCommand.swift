// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailSystem
import DovetailText

/// `dovetail print FILE`
package struct PrintCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "print", abstract: "Print a component or core module as WebAssembly text.",
        discussion: """
            FILE must be well-formed but need not be valid. Names come from its name sections, each definition is \
            followed by its index in a comment, and `dovetail parse` reads the text back.
            """,
        examples: [
            .init("dovetail print adder.wasm", "To standard output."),
            .init("dovetail print adder.wasm -o adder.wat", "Into a file."),
        ])

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the text goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wat"]))
    var output: String?

    @Argument(
        help: "The component or core module; `-` is standard input.", completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    package init() {}

    package func run() throws {
        let input = try WasmFile(file).binary()
        guard input.isBinary else { throw input.notWasm() }
        try BinaryOutput.write(try input.contents.withBytes { try BinaryText.print($0) }, to: output)
    }
}
