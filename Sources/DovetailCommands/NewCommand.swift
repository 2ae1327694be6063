// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBindgen
import DovetailGuestBindgen
import DovetailPythonBindgen
import DovetailSystem
import DovetailToolchain
import DovetailTypes

/// `dovetail new --swift NAME`, `dovetail new --python NAME`
package struct NewCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a project that builds and runs.",
        discussion: """
            The project has a world in `wit`, its bindings, and code that says hello: a SwiftPM package with \
            `--swift`, a module in Python with `--python`. Its README has the commands to build and run it.
            """,
        examples: [
            .init("dovetail new --swift hello", "A program that prints."),
            .init("dovetail new --swift --library greeter", "Functions for others to call."),
            .init("dovetail new --swift --http site", "A handler of HTTP requests."),
            .init("dovetail new --python --http site", "The same in Python."),
        ])

    @Flag(help: "In Swift; either this or `--python` is required.") var swift = false

    @Flag(help: "In Python.") var python = false

    @Flag(help: "A program for the command line; the default.") var command = false

    @Flag(help: "Functions for others to call.") var library = false

    @Flag(help: "A handler of HTTP requests.") var http = false

    @Argument(help: "The name, or the path of a folder that ends with it.") var name: String

    package init() {}

    package func validate() throws {
        guard swift != python else {
            let found = swift ? "both" : "none"
            throw ValidationError("expected `--swift` or `--python`, the language of the project, found \(found)")
        }
        let kinds = [("--command", command), ("--library", library), ("--http", http)].filter(\.1).map(\.0)
        if kinds.count > 1 {
            throw ValidationError("expected one kind of project, found `\(kinds[0])` and `\(kinds[1])`")
        }
    }

    package func run() throws {
        let kind: ProjectTemplate.Kind = http ? .http : library ? .library : .command
        let template = try ProjectTemplate(
            kind, in: python ? .python : .swift, name: String(name.split(separator: "/").last ?? ""))
        if Files.exists(name), try !Files.isDirectory(name) || !FileSystem.names(in: name).isEmpty {
            throw WasmFile.Failure(description: "`\(name)` exists already; give another name, or remove it")
        }
        for (path, text) in template.files {
            let path = Files.join(name, path)
            try FileSystem.makeFolders(above: path)
            try FileSystem.write(text, to: path)
        }
        try writeBindings(of: template)
        try StandardOutput.write(
            """
            made `\(name)`; build and run it:
              cd \(name)
              \(template.build)
              \(template.run)

            """)
    }

    private func writeBindings(of template: ProjectTemplate) throws {
        let input = try WITInput(Files.join(name, "wit"), options: WITOptions())
        let world = try input.world(named: nil)
        var options = BindgenOptions()
        options.output = .swiftGuest
        options.takesWASI = false
        options.command = python ? "dovetail bindgen --guest python" : "dovetail componentize --swift"
        let files =
            python
            ? try PythonBindgen.files(world, of: input.graph, options: options)
            : [
                (
                    name: template.type + "Bindings.swift",
                    text: try GuestBindgen.generate([world], of: input.graph, options: options)
                )
            ]
        for file in files {
            let path = Files.join(Files.join(name, template.bindingsFolder), file.name)
            try FileSystem.makeFolders(above: path)
            try FileSystem.write(Array(file.text.utf8), to: path)
        }
    }
}
