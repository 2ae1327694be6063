// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary
import DovetailComponentize
import DovetailTypes

/// `dovetail embed WIT [FILE]`
package struct EmbedCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "embed", abstract: "Embed a world into the core module that is written for it.",
        discussion: """
            The world becomes a custom section named `component-type`, which `dovetail componentize` reads. Without \
            FILE the core module is read from standard input; `--dummy` creates one whose functions trap.
            """,
        examples: [
            .init("dovetail embed -w plugin wit plugin.core.wasm -o plugin.embedded.wasm", "A module for a world."),
            .init("dovetail embed --dummy wit | dovetail componentize - -o dummy.wasm", "A component that traps."),
        ])

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The world; may be left out when the package has only one.", valueName: "world"))
    var world: String?

    @Option(
        help: ArgumentHelp("How the module writes strings: utf8, utf16 or compact-utf16.", valueName: "encoding"))
    var encoding: String = "utf8"

    @Flag(help: "Make a module that imports and exports all that the world has, and traps when it is called.")
    var dummy = false

    @Option(
        help: ArgumentHelp(
            "Make a dummy with names of the form `standard32` (`cm32p2`), the default, or `legacy`.", valueName: "form")
    )
    var dummyNames: String?

    @Flag(help: "Make async functions of a dummy async, with callbacks for exports.") var asyncCallback = false

    @Flag(help: "Make async functions of a dummy async, with stacks of their own for exports.")
    var asyncStackful = false

    @Flag(help: "Write only the custom section, without a module.") var onlyCustom = false

    @OptionGroup var options: WITOptions

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the module goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(help: "The WIT: a file or folder.", completion: .file(extensions: ["wit", "wasm"])) var wit: String

    @Argument(help: "The core module; `-` is standard input.", completion: .file(extensions: ["wasm", "wat"]))
    var file: String?

    package init() {}

    private var makesDummy: Bool { dummy || dummyNames != nil }

    package func validate() throws {
        if makesDummy || onlyCustom, file != nil {
            throw ValidationError("`--dummy` and `--only-custom` take no core module")
        }
        if makesDummy, onlyCustom { throw ValidationError("`--dummy` and `--only-custom` cannot be used together") }
        if asyncCallback, asyncStackful {
            throw ValidationError("`--async-callback` and `--async-stackful` cannot be used together")
        }
        if asyncCallback || asyncStackful {
            guard makesDummy else { throw ValidationError("`--async-callback` and `--async-stackful` need `--dummy`") }
            guard dummyNames == "legacy" else {
                throw ValidationError(
                    "only names of the form `legacy` have async functions: add `--dummy-names legacy`")
            }
        }
        guard [nil, "legacy", "standard32"].contains(dummyNames) else {
            throw ValidationError(
                "expected `legacy` or `standard32` for `--dummy-names`, found `\(dummyNames ?? "")`")
        }
    }

    package func run() throws {
        let input = try WITInput(wit, options: options)
        let world = try input.world(named: world)
        let encoding = try StringEncoding(argument: encoding)
        if onlyCustom {
            let payload = try WITEncoder.encode(world: world, in: input.graph, stringEncoding: encoding)
            return try BinaryOutput.write(payload, to: output)
        }
        let module =
            makesDummy
            ? try DummyModule.module(for: world, of: input.graph, names: names) : try WasmFile.read(file ?? "-")
        let embedded = try ComponentTypeSection.embed(
            world, of: input.graph, in: module, stringEncoding: encoding)
        try BinaryOutput.write(embedded, to: output)
    }

    private var names: DummyModule.Names {
        if asyncCallback { return .legacyCallback }
        if asyncStackful { return .legacyStackful }
        return dummyNames == "legacy" ? .legacy : .current
    }
}
