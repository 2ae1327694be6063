// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailTypes
import DovetailWIT

/// `dovetail targets -w WORLD WIT COMPONENT`
package struct TargetsCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "targets", abstract: "Check whether a component conforms to a world, and show what differs.",
        discussion: """
            A component conforms if it imports nothing but what the world offers and exports everything that the \
            world requires, with the same types. If it does, nothing is printed; otherwise every difference is \
            printed and the exit code is 1.
            """,
        examples: [
            .init("dovetail targets -w wasi:http/proxy@0.2.3 wit handler.wasm", "A world of a dependency."),
            .init("dovetail targets wit plugin.wasm", "The only world of a package."),
            .init(
                "dovetail targets -w plugin --semver-compatible wit plugin.wasm", "Accept other compatible versions."),
        ])

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The world; may be left out when the package has only one.", valueName: "world"))
    var world: String?

    @Flag(help: "Let versions of one compatible series stand for each other.")
    var semverCompatible = false

    @Flag(help: "Print JSON.") var json = false

    @OptionGroup var options: WITOptions

    @Argument(help: "The WIT of the world: a file or folder.", completion: .file(extensions: ["wit", "wasm"]))
    var wit: String

    @Argument(help: "The component.", completion: .file(extensions: ["wasm"])) var component: String

    package init() {}

    package func run() throws {
        let target = try WITInput(wit, options: options)
        let wanted = try target.world(named: world)
        let input = try WITInput(component, options: options)
        guard let own = input.world else {
            throw WasmFile.Failure(description: "`\(component)` is no component: expected one, found WIT")
        }
        let differences = WorldMatcher.differences(
            of: own, in: input.graph, toTarget: wanted, in: target.graph,
            versions: semverCompatible ? .compatible : .exact)
        try WorldReport(differences: differences).finish(
            json: json, headline: "`\(component)` does not fit the world `\(target.graph[wanted].name)`")
    }
}
