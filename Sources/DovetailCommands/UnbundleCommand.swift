// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary
import DovetailComponentize
import DovetailSystem

/// `dovetail unbundle FILE --module-dir FOLDER`
package struct UnbundleCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "unbundle",
        abstract: "Move the core modules of a component into files; the component imports them instead.",
        discussion: """
            Each core module of at least `--threshold` bytes is written to a file `unbundled-moduleN.wasm` in the \
            folder, and the component imports it under that name, so several components can share one copy.
            """,
        examples: [
            .init("dovetail unbundle app.wasm --module-dir modules -o app.thin.wasm", "A component and its modules.")
        ]
    )

    @Option(
        help: ArgumentHelp("Where the modules go.", valueName: "folder"), completion: .directory)
    var moduleDir: String

    @Option(help: ArgumentHelp("Leave smaller modules where they are.", valueName: "bytes"))
    var threshold: Int = 4_096

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the component goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(help: "The component; `-` is standard input.", completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    package init() {}

    package func run() throws {
        let unbundled = try UnbundledComponent(try WasmFile.read(file), threshold: threshold)
        try FileSystem.makeFolder(moduleDir)
        for module in unbundled.modules {
            try FileSystem.write(module.bytes, to: Files.join(moduleDir, module.name + ".wasm"))
        }
        try BinaryOutput.write(unbundled.component, to: output)
    }
}
