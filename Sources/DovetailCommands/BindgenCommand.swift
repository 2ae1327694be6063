// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailBinary
import DovetailBindgen
import DovetailGuestBindgen
import DovetailPythonBindgen
import DovetailTypes
import DovetailWITReader

/// `dovetail bindgen`
package struct BindgenCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "bindgen", abstract: "Generate typed bindings for a world, in Swift or Python.",
        discussion: """
            Reads WIT, or the world of a component, and writes one Swift file per world, or a Python package. \
            Targets that use the build plugin `DovetailBindings` do not need this command.
            """,
        examples: [
            .init("dovetail bindgen --wit wit --out-dir Sources/App/Generated", "The only world of a package."),
            .init("dovetail bindgen --wit wit --world shop:cart/plugin --out-dir Generated", "One of several."),
            .init(
                "dovetail bindgen plugin.wasm --out-dir Generated --access public",
                "The imports and exports of a component."),
            .init(
                "dovetail bindgen --guest swift --wit wit --out-dir Sources",
                "For a component in Swift."),
            .init("dovetail bindgen --guest python --wit wit --out-dir bindings", "For a component in Python."),
            .init("dovetail bindgen --wit wit --out-dir Generated --check", "Fail when the files are out of date."),
        ])

    @OptionGroup var arguments: BindgenArguments

    package init() {}

    /// A package for one world, or for one that has what several have.
    private static func pythonFiles(
        _ worlds: [WorldID], of graph: PackageGraph, options: BindgenOptions
    ) throws -> [(name: String, text: String)] {
        guard let world = worlds.first else { return [] }
        guard worlds.count > 1, let root = graph[world].package else {
            return try PythonBindgen.files(world, of: graph, options: options)
        }
        let whole = WITInput(graph, root: root)
        let names = worlds.map { whole.fullName(of: $0) }
        let joined = try WITInput(joining: names, of: whole, options: WITOptions())
        return try PythonBindgen.files(try joined.world(named: nil), of: joined.graph, joined: names, options: options)
    }

    package func run() throws {
        var services = BindgenServices(print: { try StandardOutput.write($0) })
        services.assemble = { try WasmText.parse($0, name: $1) }
        services.check = { (component, bytes) throws(BinaryError) in
            _ = try ComponentValidator.validate(component, bytes: bytes, features: .all)
        }
        switch arguments.guest {
        case .swift: services.write = GuestBindgen.write
        case .python: services.files = { try Self.pythonFiles($0, of: $1, options: $2) }
        case nil: break
        }
        do {
            try arguments.request().run(services)
        } catch let lines as DiagnosticLines {
            Terminal.write(lines.text, to: 2)
            throw ExitCode.failure
        }
    }
}
