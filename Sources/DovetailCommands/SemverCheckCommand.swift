// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailTypes
import DovetailWIT

/// `dovetail semver-check OLD NEW`
package struct SemverCheckCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "semver-check", abstract: "Check whether a world is a compatible successor of another one.",
        discussion: """
            The new world is compatible when every component made for the old one runs in it: it may offer more imports and \
            require fewer exports; items in both must be equal, except that versions of imported interfaces may differ \
            compatibly. Nothing is printed if so; otherwise every difference is printed and the exit code is 1. Without a \
            world, all worlds of the old package are compared with those of the same names, and its interfaces as imports.
            """,
        examples: [
            .init("dovetail semver-check released/wit wit", "Everything in a package."),
            .init("dovetail semver-check -w plugin released/wit wit", "One world."),
            .init("dovetail semver-check --prev v1 --new v2 wit", "Two worlds of one package."),
        ])

    @Option(name: .shortAndLong, help: ArgumentHelp("The world on both sides.", valueName: "world"))
    var world: String?

    @Option(help: ArgumentHelp("The old world.", valueName: "world")) var prev: String?

    @Option(help: ArgumentHelp("The new world.", valueName: "world")) var new: String?

    @Flag(help: "Print JSON.") var json = false

    @OptionGroup var options: WITOptions

    @Argument(
        help: "The old version: a file, a folder or a component.", completion: .file(extensions: ["wit", "wasm"]))
    var old: String

    @Argument(
        help: "The new version; the same path as the first when left out.",
        completion: .file(extensions: ["wit", "wasm"]))
    var successor: String?

    package init() {}

    package func validate() throws {
        if world != nil, prev != nil || new != nil {
            throw ValidationError(
                "`--world` is the world on both sides, `--prev` and `--new` are one side's; give either")
        }
        if successor == nil, prev == nil || new == nil {
            throw ValidationError("one file needs `--prev` and `--new`; otherwise name the new file, too")
        }
    }

    package func run() throws {
        let before = try WITInput(old, options: options)
        let after = try successor.map { try WITInput($0, options: options) } ?? before
        let differences: [WorldDifference]
        let headline: String
        if world != nil || prev != nil || new != nil || before.world != nil {
            let first = try before.world(named: prev ?? world)
            let second = try after.world(named: new ?? world)
            differences = try before.graph.incompatibilities(of: second, in: after.graph, withPredecessor: first)
            headline =
                "world `\(after.graph[second].name)` is no compatible successor of `\(before.graph[first].name)`"
        } else {
            differences = try before.graph.incompatibilities(
                ofPackage: after.root, in: after.graph, withPredecessor: before.root)
            headline =
                "package `\(after.graph[after.root].name)` is no compatible successor of "
                + "`\(before.graph[before.root].name)`"
        }
        try WorldReport(differences: differences).finish(json: json, headline: headline)
    }
}
