// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments

/// `dovetail inspect FILE`
package struct InspectCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a component imports, exports and consists of.",
        examples: [
            .init("dovetail inspect adder.wasm", "Imports, exports, modules, sizes and producers."),
            .init("dovetail inspect --json adder.wasm", "The same for a script."),
        ])

    @Flag(help: "Print JSON.") var json = false

    @Argument(help: "The component.", completion: .file(extensions: ["wasm"])) var file: String

    package init() {}

    package func run() throws {
        let report = try Inspection(file)
        try StandardOutput.line(json ? report.json() : report.text())
    }
}
