// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary
import DovetailComponentize
import DovetailSystem
import DovetailTypes

/// `dovetail componentize FILE`
package struct ComponentizeCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "componentize", abstract: "Turn a core module into a component.",
        discussion: """
            FILE is a core module, binary or text. Its world is embedded in it already, or comes from `--wit`. A module \
            for WASI preview 1 becomes a component for WASI 0.2. Adapters implement what it imports from elsewhere. Imports of the world that the module does not use are left out. The component is validated.
            """,
        examples: [
            .init("dovetail componentize -d wit -w plugin plugin.core.wasm -o plugin.wasm", "A world of a folder."),
            .init("dovetail componentize hello.core.wasm -o hello.wasm", "A program for WASI preview 1."),
            .init(
                "dovetail componentize --adapt legacy=legacy.wasm plugin.core.wasm -o plugin.wasm",
                "A module that imports from `legacy`, which `legacy.wasm` implements."),
            .init(
                "dovetail embed --dummy wit | dovetail componentize - -o dummy.wasm",
                "A component that traps, for a world."),
        ])

    @Option(
        name: [.customShort("d"), .customLong("wit")],
        help: ArgumentHelp("Where the world is found: a file or folder.", valueName: "path"),
        completion: .file(extensions: ["wit", "wasm"]))
    var wit: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The world; may be left out when the package has only one.", valueName: "world"))
    var world: String?

    @Option(
        help: ArgumentHelp(
            "A module that implements what is imported from NAME, by default the file's name; may be repeated.",
            valueName: "[name=]file"),
        completion: .file(extensions: ["wasm"]))
    var adapt: [String] = []

    @Flag(
        name: .customLong("wasi-0.2.0"),
        help: "Make of preview 1 what hosts of WASI 0.2.0 to 0.2.11 know; exit codes but 0 become 1.")
    var olderWASI = false

    @Option(
        help: ArgumentHelp("How the module writes strings: utf8, utf16 or compact-utf16.", valueName: "encoding"))
    var encoding: String = "utf8"

    @Flag(help: "Let adapters allocate their stack by `memory.grow`.") var reallocViaMemoryGrow = false

    @Flag(help: "Import each version of an interface by itself, compatible ones too.") var keepImportVersions = false

    @Flag(help: "Refuse names of the form before `cm32p2`.") var rejectLegacyNames = false

    @Flag(help: "Call through typed references in place of a table.") var returnCallRef = false

    @OptionGroup var options: WITOptions

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the component goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(help: "The core module; `-` is standard input.", completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    package init() {}

    package func validate() throws {
        if world != nil, wit == nil { throw ValidationError("`--world` needs `--wit`") }
    }

    package func run() throws {
        var module = try WasmFile.read(file)
        if let wit {
            let input = try WITInput(wit, options: options)
            module = try ComponentTypeSection.embed(
                try input.world(named: world), of: input.graph, in: module,
                stringEncoding: try StringEncoding(argument: encoding))
        }
        var choices = Componentizer.Options()
        choices.mergesImportVersions = !keepImportVersions
        choices.rejectsLegacyNames = rejectLegacyNames
        choices.reallocatesByMemoryGrow = reallocViaMemoryGrow
        choices.usesReturnCallReference = returnCallRef
        choices.producers = ProducersSection(processedBy: "dovetail", version: DovetailVersion.current)
        var adapters = try adapt.map { argument in
            let (name, path) = Self.adapter(argument)
            return Componentizer.Adapter(name: name, bytes: try WasmFile.read(path))
        }
        let preview1 = Preview1Adapter.moduleName
        if !adapters.contains(where: { $0.name == preview1 }),
            let adapter = try Preview1Adapter(for: module, forOlderHosts: olderWASI)
        {
            adapters.append(Componentizer.Adapter(name: preview1, bytes: adapter.bytes))
        }
        try BinaryOutput.write(
            try Componentizer.component(of: module, adapters: adapters, options: choices), to: output)
    }

    /// The name and the file of an adapter: `wasi_snapshot_preview1.reactor.wasm` is one for `wasi_snapshot_preview1`.
    static func adapter(_ argument: String) -> (name: String, path: String) {
        if let equals = argument.firstIndex(of: "=") {
            return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
        }
        let file = argument.split(separator: "/").last ?? ""
        return (String(file.prefix { $0 != "." }), argument)
    }
}

extension StringEncoding {
    /// The encoding that an option names.
    init(argument: String) throws {
        switch argument {
        case "utf8": self = .utf8
        case "utf16": self = .utf16
        case "compact-utf16": self = .latin1OrUTF16
        default:
            throw ValidationError("expected `utf8`, `utf16` or `compact-utf16` for `--encoding`, found `\(argument)`")
        }
    }
}
