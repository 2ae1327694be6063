// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary
import DovetailJSON
import DovetailSystem
import DovetailTypes
import DovetailWIT

/// `dovetail wit FILE|FOLDER`
package struct WITCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "wit", abstract: "Print the WIT of a file, folder or component.",
        discussion: """
            PATH is a `.wit` file, a folder of them with their dependencies in `deps`, a component, or a binary WIT \
            package. `deps` contains folders, `.wit` files and binary packages. The WIT is checked and printed in \
            canonical layout, followed by the packages it depends on, in braces.
            """,
        examples: [
            .init("dovetail wit hello.wasm", "The world of a component."),
            .init("dovetail wit wit --json", "A folder, for a script; as `wasm-tools component wit --json` has it."),
            .init("dovetail wit hello.wasm --out-dir wit", "Write one file for each package."),
            .init("dovetail wit wit --out-wasm hello-wit.wasm", "The package in binary form, for a registry."),
            .init("dovetail wit hello.wasm --importize", "The world of a host that calls this component."),
            .init("dovetail wit wit --merge ../other/wit", "Two sets of packages, merged."),
        ])

    @Flag(help: "Print JSON.") var json = false

    @Option(
        help: ArgumentHelp(
            "Write a file for each package: the main one here, the others in `deps`.", valueName: "folder"),
        completion: .directory)
    var outDir: String?

    @Option(
        help: ArgumentHelp("Write the main package in binary form.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var outWasm: String?

    @Flag(help: "Leave out the comments.") var noDocs = false

    @OptionGroup var options: WITOptions

    @Option(
        help: ArgumentHelp("Add the packages of another file or folder; may be repeated.", valueName: "path"),
        completion: .file(extensions: ["wit", "wasm"]))
    var merge: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where this world imports several compatible versions of an interface, keep only the newest.",
            valueName: "world"))
    var mergeWorldImportsBasedOnSemver: String?

    @Flag(help: "Print the world of a host of the component: it imports what the component exports.")
    var importize = false

    @Option(
        help: ArgumentHelp(
            "Replace this world by that of a host: it imports what this world exports.", valueName: "world"))
    var importizeWorld: String?

    @Option(help: ArgumentHelp("The name of the importized world.", valueName: "name"))
    var importizeOutWorldName: String?

    @Option(help: ArgumentHelp("Make this world export what it imports.", valueName: "world"))
    var exportizeWorld: String?

    @Option(help: ArgumentHelp("Export only this import; may be repeated.", valueName: "name"))
    var exportizeImport: [String] = []

    @Option(help: ArgumentHelp("The name of the exportized world.", valueName: "name"))
    var exportizeOutWorldName: String?

    @Option(
        help: ArgumentHelp(
            "Give every import and export of this world types of its own; `--json` shows them.", valueName: "world"
        ))
    var generateNominalTypeIds: String?

    @Argument(
        help: "The file or folder.", completion: .file(extensions: ["wit", "wasm"])) var path: String

    package init() {}

    package func validate() throws {
        if importize, importizeWorld != nil {
            throw ValidationError("`--importize` and `--importize-world` cannot be used together")
        }
        if importizeOutWorldName != nil, !importize, importizeWorld == nil {
            throw ValidationError("`--importize-out-world-name` needs `--importize` or `--importize-world`")
        }
        if exportizeWorld == nil, exportizeOutWorldName != nil || !exportizeImport.isEmpty {
            throw ValidationError("`--exportize-import` and `--exportize-out-world-name` need `--exportize-world`")
        }
        let outputs = [(json, "--json"), (outDir != nil, "--out-dir"), (outWasm != nil, "--out-wasm")]
        let chosen = outputs.filter(\.0).map { "`\($0.1)`" }
        if chosen.count > 1 { throw ValidationError("\(chosen.joined(separator: " and ")) cannot be used together") }
    }

    package func run() throws {
        var input = try WITInput(path, options: options)
        for other in merge { try input.merge(try WITInput(other, options: options)) }
        if let name = mergeWorldImportsBasedOnSemver { try input.mergeVersions(of: name) }
        if importize || importizeWorld != nil {
            let world = try input.world(named: importizeWorld)
            try input.change { try $0.importize(world, as: importizeOutWorldName) }
        }
        if let name = exportizeWorld {
            let world = try input.world(named: name)
            try input.change { try $0.exportize(world, as: exportizeOutWorldName, only: exportizeImport) }
        }
        if let name = generateNominalTypeIds {
            let world = try input.world(named: name)
            try input.change { $0.makeTypesNominal(in: world) }
        }
        if json {
            try StandardOutput.line(WITJSON.tree(of: input.graph).text(.lines))
        } else if let outDir {
            try write(input, to: outDir)
        } else if let outWasm {
            try BinaryOutput.write(try input.encoded(), to: outWasm)
        } else {
            let text = WITPrinter.text(
                of: input.root, nested: input.others, in: input.graph, withDocumentation: !noDocs)
            try StandardOutput.write(text.hasSuffix("\n") ? text : text + "\n")
        }
    }

    /// A file for each package; one whose name is not the only one of its kind gets namespace and version, too.
    private func write(_ input: WITInput, to folder: String) throws {
        try FileSystem.makeFolder(folder)
        let dependencies = Files.join(folder, "deps")
        if !input.others.isEmpty { try FileSystem.makeFolder(dependencies) }
        var counts: [String: Int] = [:]
        for package in input.graph.packages { counts[package.name.name, default: 0] += 1 }
        for id in [input.root] + input.others {
            let name = input.graph[id].name
            var file = name.name
            if counts[file] != 1 {
                file = "\(name.namespace)-\(name.name)" + (name.version.map { "-\($0)" } ?? "")
            }
            let text = WITPrinter.text(of: id, in: input.graph, withDocumentation: !noDocs)
            let target = Files.join(id == input.root ? folder : dependencies, file + ".wit")
            try FileSystem.write(Array(text.utf8), to: target)
            try StandardOutput.line(target)
        }
    }
}

extension WITInput {
    /// Adds what another input has.
    mutating func merge(_ other: WITInput) throws {
        let root = graph[root].name
        let names = world.map { graph[$0].name }
        try change { try $0.merge(other.graph) }
        guard let id = graph.package(named: root) else { return }
        self.root = id
        others = Self.packages(of: graph, beside: id)
        world = names.flatMap { graph[id].worlds[$0] }
    }

    /// Where the world `name` imports compatible versions of an interface, keeps the newest.
    mutating func mergeVersions(of name: String) throws {
        let world = try world(named: name)
        var moved: [PackageID] = []
        try change { moved = try $0.mergeImportVersions(of: world) }
        root = moved[root.index]
        others = moved.filter { $0 != root }
    }
}
