// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailPython
import DovetailSystem

/// `dovetail wheel`
package struct WheelCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "wheel", abstract: "Build native Python packages for components.",
        discussion: """
            Source distributions from PyPI, folders and archives are built by pip and their own build backends, with \
            a toolchain for WASI that is set up once in the user's cache. Pure Python packages are used as they are. \
            The wheels, `cp314-cp314-wasi_wasm32`, are for `componentize --python`, and kept in the cache.
            """,
        examples: [
            .init("dovetail wheel numpy -o wheels", "NumPy and what it requires."),
            .init("dovetail wheel -r requirements.txt -o wheels", "What a requirements file lists."),
            .init("dovetail wheel ./my-package -o wheels", "A package of your own."),
        ])

    @Argument(
        help: ArgumentHelp(
            "Names of packages, with versions as pip takes them, folders or archives.", valueName: "requirement"))
    var requirements: [String] = []

    @Option(
        name: [.customShort("r"), .customLong("requirements")],
        help: ArgumentHelp("A requirements file or a `pyproject.toml`; may be repeated.", valueName: "file"),
        completion: .file(extensions: []))
    var files: [String] = []

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The folder for the wheels (`.`).", valueName: "folder"), completion: .directory)
    var output: String?

    @Flag(help: "Build only the named packages, not their dependencies.") var noDeps = false

    @OptionGroup var toolchain: WheelToolchainArguments

    package init() {}

    package func run() throws {
        guard !requirements.isEmpty || !files.isEmpty else {
            throw ValidationError("expected a requirement, or a file with them by `-r`")
        }
        let folder = output ?? "."
        let wheels = try withProgress("building wheels") { progress in
            try toolchain.wheels(requirements, files: files, withDependencies: !noDeps) { progress.update($0) }
        }
        for wheel in wheels {
            let target = Files.join(folder, wheel.name)
            try Files.makeDirectories(above: target)
            try Files.read(wheel.path).withRawBytes { try Files.replace(target, with: $0) }
            var line = target
            if wheel.mended > 0 { line += " (\(wheel.mended) signatures mended)" }
            try StandardOutput.write(line + "\n")
            if let note = wheel.note { StandardError.line("note: \(note)") }
        }
    }
}

/// How packages are built.
struct WheelToolchainArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("The Python that build backends run in; by default the newest here.", valueName: "python"),
        completion: .file(extensions: []))
    var buildPython: String?

    @Option(
        help: ArgumentHelp(
            "The folder of clang and wasm-ld; by default those of the Swift toolchain.", valueName: "folder"),
        completion: .directory)
    var clang: String?

    @Option(
        name: [.customShort("C"), .customLong("config-setting")],
        help: ArgumentHelp(
            "A setting for build backends, as `setup-args=-Dname=value`; may be repeated.", valueName: "setting"))
    var settings: [String] = []

    @Flag(help: "Accept packages that fall back to pure Python when their native code does not build.") var allowPure =
        false

    @Flag(help: "Build nothing: native packages have to be in the cache.") var noBuild = false

    init() {}

    /// Whether any of the options is there.
    var isGiven: Bool { buildPython != nil || clang != nil || !settings.isEmpty || allowPure || noBuild }

    /// The wheels of what is required, in the order of their names.
    func wheels(
        _ requirements: [String], files: [String], withDependencies: Bool = true, report: @escaping (String) -> Void
    ) throws -> [BuiltWheel] {
        let builder = try builder(report)
        return try wheels(requirements, files, withDependencies, by: builder, report)
    }

    /// A folder with the modules of what files require.
    func site(of files: [String], report: @escaping (String) -> Void) throws -> WheelSite {
        let builder = try builder(report)
        return try builder.site(of: try wheels([], files, true, by: builder, report))
    }

    private func wheels(
        _ requirements: [String], _ files: [String], _ withDependencies: Bool, by builder: WheelBuilder,
        _ report: (String) -> Void
    ) throws -> [BuiltWheel] {
        report("choosing versions")
        let packages = try builder.toolchain.resolve(requirements, files: files, withDependencies: withDependencies)
        return try builder.wheels(of: packages)
    }

    private func builder(_ report: @escaping (String) -> Void) throws -> WheelBuilder {
        let carrier = try PythonCarrier.load(report: report)
        let toolchain = try WheelToolchain.load(
            carrier, try CompilerTools.find(clang), try HostPython.find(buildPython), report: report)
        return WheelBuilder(
            toolchain, for: carrier, settings: settings, allowsPure: allowPure, builds: !noBuild, report: report)
    }
}
