// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary
import DovetailTypes
import DovetailWIT

/// `dovetail wit FILE|FOLDER`
package struct WITCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "wit", abstract: "Print the WIT of a file, folder or component.",
        discussion: """
            PATH is a `.wit` file, a folder of them with their dependencies in `deps`, a component, or a WIT package in \
            binary form. What it describes is checked and printed in canonical layout, the packages it depends on behind it \
            in braces.
            """,
        examples: [
            .init("dovetail wit hello.wasm", "The world of a component."),
            .init("dovetail wit wit --json", "A folder, for a script; as `wasm-tools component wit --json` has it."),
            .init("dovetail wit hello.wasm --out-dir wit", "Write one file for each package."),
            .init("dovetail wit wit --out-wasm hello-wit.wasm", "The package in binary form, for a registry."),
            .init("dovetail wit hello.wasm --importize", "The world of a host that calls this component."),
            .init("dovetail wit wit --merge ../other/wit", "Two sets of packages as one."),
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

    @Flag(help: "Leave the comments out.") var noDocs = false

    @OptionGroup var options: WITOptions

    @Option(
        help: ArgumentHelp("Add the packages of another file or folder; may be repeated.", valueName: "path"),
        completion: .file(extensions: ["wit", "wasm"]))
    var merge: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of compatible versions of an interface that a world imports, keep the newest.", valueName: "world"))
    var mergeWorldImportsBasedOnSemver: String?

    @Flag(help: "Turn the world of a component around: import what it exports.")
    var importize = false

    @Option(help: ArgumentHelp("Turn this world around.", valueName: "world"))
    var importizeWorld: String?

    @Option(help: ArgumentHelp("The name of the world that was turned around.", valueName: "name"))
    var importizeOutWorldName: String?

    @Option(help: ArgumentHelp("Export what this world imports.", valueName: "world"))
    var exportizeWorld: String?

    @Option(help: ArgumentHelp("Of the imports export only this one; may be repeated.", valueName: "name"))
    var exportizeImport: [String] = []

    @Option(help: ArgumentHelp("The name of the world that exports its imports.", valueName: "name"))
    var exportizeOutWorldName: String?

    @Option(
        help: ArgumentHelp(
            "Give every import and export of this world types of its own; to be seen with `--json`.", valueName: "world"
        ))
    var generateNominalTypeIds: String?

    @Argument(
        help: "The file or folder.", completion: .file(extensions: ["wit", "wasm"])) var path: String

    package init() {}

    package func validate() throws {
        if importize, importizeWorld != nil {
            throw ValidationError("`--importize` and `--importize-world` exclude each other")
        }
        if importizeOutWorldName != nil, !importize, importizeWorld == nil {
            throw ValidationError("`--importize-out-world-name` needs `--importize` or `--importize-world`")
        }
        if exportizeWorld == nil, exportizeOutWorldName != nil || !exportizeImport.isEmpty {
            throw ValidationError("`--exportize-import` and `--exportize-out-world-name` need `--exportize-world`")
        }
        let outputs = [(json, "--json"), (outDir != nil, "--out-dir"), (outWasm != nil, "--out-wasm")]
        let chosen = outputs.filter(\.0).map { "`\($0.1)`" }
        if chosen.count > 1 { throw ValidationError("\(chosen.joined(separator: " and ")) exclude each other") }
    }

    package func run() throws {
        var input = try WITInput(path, options: options)
        for other in merge { try input.merge(try WITInput(other, options: options)) }
        if let name = mergeWorldImportsBasedOnSemver { try input.mergeVersions(of: name) }
        if importize || importizeWorld != nil {
            let world = try input.world(named: importizeWorld)
            try input.graph.importize(world, as: importizeOutWorldName)
        }
        if let name = exportizeWorld {
            try input.graph.exportize(
                try input.world(named: name), as: exportizeOutWorldName, only: exportizeImport)
        }
        if let name = generateNominalTypeIds {
            input.graph.makeTypesNominal(in: try input.world(named: name))
        }
        if json {
            print(try WITJSON.tree(of: input.graph).jsonText())
        } else if let outDir {
            try write(input, to: outDir)
        } else if let outWasm {
            try FileSystem.write(try WITEncoder.encode(package: input.root, in: input.graph), to: outWasm)
        } else {
            let text = WITPrinter.text(
                of: input.root, nested: input.others, in: input.graph, withDocumentation: !noDocs)
            print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
        }
    }

    /// A file for each package; one whose name is not the only one of its kind gets namespace and version, too.
    private func write(_ input: WITInput, to folder: String) throws {
        try FileSystem.makeFolder(folder)
        let dependencies = FileSystem.join(folder, "deps")
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
            let target = FileSystem.join(id == input.root ? folder : dependencies, file + ".wit")
            try FileSystem.write(Array(text.utf8), to: target)
            print(target)
        }
    }
}

extension WITInput {
    /// Adds what another input has.
    mutating func merge(_ other: WITInput) throws {
        let root = graph[root].name
        let names = world.map { graph[$0].name }
        try graph.merge(other.graph)
        guard let id = graph.package(named: root) else { return }
        self.root = id
        others = Self.packages(of: graph, beside: id)
        world = names.flatMap { graph[id].worlds[$0] }
    }

    /// Keeps of compatible versions that `name` imports the newest.
    mutating func mergeVersions(of name: String) throws {
        let world = try world(named: name)
        let moved = try graph.mergeImportVersions(of: world)
        root = moved[root.index]
        others = moved.filter { $0 != root }
    }
}
