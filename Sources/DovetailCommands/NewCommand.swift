// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBindgen
import DovetailSystem
import DovetailToolchain
import DovetailTypes

/// `dovetail new --swift NAME`
package struct NewCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a project that builds and runs.",
        discussion: """
            The project is a SwiftPM package with a world in `wit`, bindings of it, and code that says hello. Its README has \
            the commands to build and run it.
            """,
        examples: [
            .init("dovetail new --swift hello", "A program that prints."),
            .init("dovetail new --swift --library greeter", "Functions for others to call."),
            .init("dovetail new --swift --http site", "A handler of HTTP requests."),
        ])

    @Flag(help: "In Swift; has to be said.") var swift = false

    @Flag(help: "A program for the command line; the default.") var command = false

    @Flag(help: "Functions for others to call.") var library = false

    @Flag(help: "A handler of HTTP requests.") var http = false

    @Argument(help: "The name, or the path of a folder that ends with it.") var name: String

    package init() {}

    package func validate() throws {
        guard swift else { throw ValidationError("expected `--swift`, the language of the project") }
        let kinds = [("--command", command), ("--library", library), ("--http", http)].filter(\.1).map(\.0)
        if kinds.count > 1 {
            throw ValidationError("expected one kind of project, found `\(kinds[0])` and `\(kinds[1])`")
        }
    }

    package func run() throws {
        let kind: ProjectTemplate.Kind = http ? .http : library ? .library : .command
        let template = try ProjectTemplate(kind, name: String(name.split(separator: "/").last ?? ""))
        if Files.exists(name), try !Files.isDirectory(name) || !FileSystem.names(in: name).isEmpty {
            throw WasmFile.Failure(description: "`\(name)` exists already; give another name, or remove it")
        }
        for (path, text) in template.files {
            let path = Files.join(name, path)
            if let slash = path.lastIndex(of: "/") { try FileSystem.makeFolder(String(path[..<slash])) }
            try FileSystem.write(text, to: path)
        }
        let input = try WITInput(Files.join(name, "wit"), options: WITOptions())
        var options = BindgenOptions()
        options.output = .swiftGuest
        options.takesWASI = false
        options.command = "dovetail componentize --swift"
        let bindings = try Bindgen.generate([try input.world(named: nil)], of: input.graph, options: options)
        let folder = Files.join(name, template.bindingsFolder)
        try FileSystem.makeFolder(folder)
        try FileSystem.write(Array(bindings.utf8), to: Files.join(folder, template.type + "Bindings.swift"))
        try StandardOutput.write(
            """
            made `\(name)`; build and run it:
              cd \(name)
              \(template.build)
              \(template.run)

            """)
    }
}
