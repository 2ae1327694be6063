// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailSystem
import DovetailToolchain

/// `dovetail sdk`
package struct SDKCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sdk", abstract: "Install what SwiftPM needs to build components.",
        examples: [
            .init("dovetail sdk install", "Then `swift build --swift-sdk dovetail-guest` builds a package as a guest.")
        ],
        subcommands: [SDKInstallCommand.self])

    package init() {}
}

/// `dovetail sdk install`
package struct SDKInstallCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Write the Swift SDK `dovetail-guest` for a toolchain.",
        discussion: """
            `swift build --swift-sdk dovetail-guest` then builds core modules, of which `dovetail componentize -d WIT` makes \
            components; `dovetail componentize --swift` does both. The SDK names files by absolute paths: install it again \
            for another toolchain, and after an update of this tool.
            """,
        examples: [
            .init("dovetail sdk install", "Where SwiftPM looks for Swift SDKs."),
            .init("dovetail sdk install --path sdks", "Elsewhere, for `swift build --swift-sdks-path sdks`."),
        ])

    @Option(
        help: ArgumentHelp("The folder for Swift SDKs; by default that of SwiftPM.", valueName: "folder"),
        completion: .directory)
    var path: String?

    @Option(help: ArgumentHelp("The folder of the Swift toolchain.", valueName: "folder"), completion: .directory)
    var toolchain: String?

    @Flag(help: "Make fast code instead of small code.") var speed = false

    @Flag(help: "Leave out Unicode's tables.") var noUnicode = false

    package init() {}

    package func run() throws {
        let toolchain = try toolchain.map { try SwiftToolchain(at: $0) } ?? SwiftToolchain.find()
        var options = GuestBuildOptions()
        options.optimization = speed ? .speed : .size
        options.hasUnicode = !noUnicode
        guard let folder = path ?? GuestSDK.folder() else {
            throw ValidationError("expected `--path`, since `HOME` is not set")
        }
        let bundle = try GuestSDK.write(to: folder, toolchain, options, version: DovetailVersion.current)
        try StandardOutput.write("\(bundle)\n")
    }
}
