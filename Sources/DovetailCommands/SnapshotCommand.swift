// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailSnapshot
import DovetailWASI

/// `dovetail snapshot FILE`
package struct SnapshotCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Initialise a component once, and write the resulting state back into it.",
        discussion: """
            FILE is instantiated now, and a function is called if one is named; then memories and globals are \
            written back into the component, start functions are removed, code that has become unreachable is left \
            out, and libraries that share a memory become one core module. Instances of the result start from that state. During initialisation clocks stand still and \
            random numbers are always the same, so that the result is reproducible; random numbers that it keeps are \
            therefore not secret. Handles cannot be kept: the initialisation has to drop everything it opens. \
            Imports other than WASI trap when they are called.
            """,
        examples: [
            .init("dovetail snapshot app.wasm -o app.ready.wasm", "Run the constructors once, now."),
            .init(
                "dovetail snapshot --init-func load --dir data::/data app.wasm -o app.ready.wasm",
                "`load`, which the component exports, reads from `/data`."),
        ])

    @Option(help: ArgumentHelp("The exported function to call, without parameters.", valueName: "name"))
    var initFunc: String?

    @Option(
        help: ArgumentHelp(
            "The function to call, without parameters, that a core module exports; it returns nothing or 0.",
            valueName: "name"))
    var coreInitFunc: String?

    @Flag(help: "Keep code that nothing can reach any more, and core modules apart.") var keepUnreachable = false

    @Flag(help: "Compile by the baseline compiler, which takes a fraction of the time but not all of WebAssembly.")
    var winch = false

    @OptionGroup var guest: GuestOptions

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the component goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(help: "The component; `-` is standard input.", completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    package init() {}

    package func validate() throws {
        if initFunc != nil, coreInitFunc != nil {
            throw ValidationError("`--init-func` and `--core-init-func` cannot be used together")
        }
    }

    package func run() throws {
        let component: [UInt8] = try WasmFile.read(file)
        var snapshot = ComponentSnapshot(engine: try guest.engine { if winch { $0.compiler = .winch } })
        if let initFunc { snapshot.initializer = .function(initFunc) }
        if let coreInitFunc { snapshot.initializer = .coreFunction(coreInitFunc) }
        snapshot.prunes = !keepUnreachable
        snapshot.limits = guest.limits
        snapshot.wasi = WASIConfiguration(
            environment: try guest.environment(), preopens: guest.folders.map { Preopen($0.host, as: $0.guest) },
            standardOutput: .fileDescriptor(2), standardError: .inherit)
        try BinaryOutput.write(try snapshot.bytes(of: component), to: output)
    }
}
