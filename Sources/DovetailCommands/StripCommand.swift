// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary

/// `dovetail strip FILE`
package struct StripCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "strip", abstract: "Remove custom sections from a component or core module.",
        discussion: """
            Custom sections contain names, producers and debug information: nothing that a program needs to run. \
            They are removed from nested modules and components as well. `component-type` and `dylink.0`, from which \
            components are made, are kept; `--all` removes them too, and `--delete` removes only the sections it \
            names.
            """,
        examples: [
            .init("dovetail strip app.wasm -o app.small.wasm", "Remove what is not needed at run time."),
            .init("dovetail strip --delete '^\\.debug' app.wasm -o app.wasm", "Debug information."),
        ])

    @Flag(name: .shortAndLong, help: "Remove all custom sections.") var all = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Remove only sections whose names match this regular expression; may be repeated.", valueName: "regex"))
    var delete: [String] = []

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the result goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(
        help: "The component or core module; `-` is standard input.", completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    package init() {}

    package func validate() throws {
        if all, !delete.isEmpty { throw ValidationError("expected either `--all` or `--delete`, found both") }
        _ = try expressions()
    }

    package func run() throws {
        let expressions = try expressions()
        let file = try WasmFile(file).binary()
        guard file.kind == .component || file.kind == .coreModule else { throw file.notWasm() }
        let stripped = try CustomSections.removed(from: file.bytes) { name in
            if all { return true }
            guard !expressions.isEmpty else { return CustomSections.isNotNeeded(name) }
            return expressions.contains { name.firstMatch(of: $0) != nil }
        }
        try BinaryOutput.write(stripped, to: output)
    }

    private func expressions() throws -> [Regex<AnyRegexOutput>] {
        try delete.map { text in
            do { return try Regex(text) } catch {
                throw ValidationError("expected a regular expression for `--delete`, found `\(text)`: \(error)")
            }
        }
    }
}
