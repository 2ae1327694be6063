// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary
import DovetailComponentize
import DovetailPython
import DovetailSystem
import DovetailToolchain
import DovetailTypes

/// `dovetail componentize FILE`
package struct ComponentizeCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "componentize", abstract: "Turn a core module, or code in Swift or Python, into a component.",
        discussion: """
            FILE is a core module, binary or text. Its world is embedded in it, or given by `--wit`. A module for \
            WASI preview 1 becomes a component for WASI 0.2. Adapters implement imports from elsewhere. Imports of \
            the world that the module does not use are left out. The component is validated.

            With `--swift`, FILE is Swift code: files, folders, or a package. It is compiled with generated bindings \
            of the world; a toolchain from swift.org is all that is needed.

            With `--python`, FILE is the main module of an app in Python, which contains the classes that the \
            world's bindings declare. It is imported now, in a sandbox, and instances of the component start from \
            the resulting state: with CPython started and everything imported. Other modules that the app's code \
            names are included. CPython for WebAssembly is downloaded once.

            Packages that the app uses may contain WIT: a `componentize-py.toml` in one says where, and in which \
            package inside it bindings are expected. The component has the worlds of all of them, or those that `-w` \
            and `--module-worlds` name. `--intersect-world` leaves out what a host does not support.

            With `--shared` in addition, the component imports CPython as core modules, which are found in the \
            user's cache by their SHA-256, and contains only what the app changes.
            """,
        examples: [
            .init("dovetail componentize -d wit -w plugin plugin.core.wasm -o plugin.wasm", "A world in a folder."),
            .init("dovetail componentize hello.core.wasm -o hello.wasm", "A program for WASI preview 1."),
            .init("dovetail componentize --swift -d wit Adder.swift -o adder.wasm", "A component in Swift."),
            .init("dovetail componentize --swift --speed . -o app.wasm", "A package, whose world is in `wit`."),
            .init("dovetail componentize --python app -d wit -o app.wasm", "The app in `app.py`."),
            .init(
                "dovetail componentize --adapt legacy=legacy.wasm plugin.core.wasm -o plugin.wasm",
                "A module that imports from `legacy`, which `legacy.wasm` implements."),
            .init(
                "dovetail embed --dummy wit | dovetail componentize - -o dummy.wasm",
                "A component that traps, for a world."),
        ])

    @Option(
        name: [.customShort("d"), .customLong("wit")],
        help: ArgumentHelp(
            "Where to find the world: a file or folder; with `--python` it may be repeated.", valueName: "path"),
        completion: .file(extensions: ["wit", "wasm"]))
    var wit: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The world; may be left out when the package has only one. With `--python` it may be repeated: the app has all of them.",
            valueName: "world"))
    var world: [String] = []

    @Option(
        help: ArgumentHelp("How the module writes strings: utf8, utf16 or compact-utf16.", valueName: "encoding"))
    var encoding: String = "utf8"

    @OptionGroup var assembly: ComponentOptions

    @OptionGroup var guest: SwiftGuestArguments

    @OptionGroup var python: PythonAppArguments

    @OptionGroup var options: WITOptions

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the component goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(
        help:
            "The core module; `-` is standard input. With `--swift`: files and folders. With `--python`: the app's module.",
        completion: .file(extensions: ["wasm", "wat", "swift", "py"]))
    var files: [String]

    package init() {}

    package func validate() throws {
        try guest.check()
        try python.check(files)
        if guest.swift, python.python { throw ValidationError("expected either `--swift` or `--python`, found both") }
        if !world.isEmpty, wit.isEmpty, !guest.swift, !python.python {
            throw ValidationError("`--world` needs `--wit`")
        }
        if !python.python, world.count > 1 || wit.count > 1 {
            throw ValidationError("expected `--wit` and `--world` once; with `--python` they may be repeated")
        }
        if files.count > 1, !guest.swift {
            throw ValidationError("expected one core module, found \(files.count) files; `--swift` takes several")
        }
    }

    package func run() throws {
        if python.python { return try BinaryOutput.write(try app(), to: output) }
        let module = guest.swift ? try compiled() : try given()
        var component = try Componentizer.component(
            of: module, adapters: try assembly.adapters(for: [module]), options: assembly.choices)
        if guest.swift, !guest.keepNames { component = try CustomSections.removed(from: component) { _ in true } }
        try BinaryOutput.write(component, to: output)
    }

    /// The core module that was given, with its world embedded.
    private func given() throws -> [UInt8] {
        let module = try WasmFile.read(files.first ?? "-")
        guard let wit = wit.first else { return module }
        let input = try WITInput(wit, options: options)
        return try ComponentTypeSection.embed(
            try input.world(named: world.first), of: input.graph, in: module,
            stringEncoding: try StringEncoding(argument: encoding))
    }

    /// The core module of the Swift code, with its world embedded.
    private func compiled() throws -> [UInt8] {
        let input = try WITInput(try wit.first ?? Self.witFolder(beside: files), options: options)
        let guest = try SwiftGuest(guest, input, try input.world(named: world.first))
        if files.count == 1, let package = files.first.flatMap({ GuestPackage($0) }) {
            return try guest.coreModule(of: package)
        }
        return try guest.coreModule(of: files)
    }

    /// The component of the Python app.
    private func app() throws -> [UInt8] {
        try python.component(
            files.first ?? "", PythonWorlds.Request(paths: wit, worlds: world, options: options),
            timeLimit: .seconds(guest.timeLimit)
        ) { try Self.witFolder(beside: python.folders) }
    }

    /// The folder `wit` in the folder that was given, or in the current one.
    private static func witFolder(beside files: [String]) throws -> String {
        for folder in files.filter(Files.isDirectory) + [""] {
            let path = Files.join(folder, "wit")
            if Files.isDirectory(path) { return path }
        }
        throw ValidationError("expected `--wit`, since there is no folder `wit`")
    }
}

extension StringEncoding {
    /// The encoding that an option names.
    init(argument: String) throws {
        switch argument {
        case "utf8": self = .utf8
        case "utf16": self = .utf16
        case "compact-utf16": self = .latin1OrUTF16
        default:
            throw ValidationError("expected `utf8`, `utf16` or `compact-utf16` for `--encoding`, found `\(argument)`")
        }
    }
}
