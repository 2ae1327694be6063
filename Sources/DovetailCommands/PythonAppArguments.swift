// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailArguments
import DovetailBinary
import DovetailBindgen
import DovetailPython
import DovetailSystem
import DovetailTypes

/// How an app in Python becomes a component.
struct PythonAppArguments: ParsableArguments {
    @Flag(help: "Import an app in Python, and turn the result into a component.") var python = false

    @Option(
        name: [.customShort("p"), .customLong("python-path")],
        help: ArgumentHelp(
            "With `--python`: a folder with the app or what it imports (`.`); may be repeated. The packages of the virtual environment are searched last.",
            valueName: "folder"),
        completion: .directory)
    var folders: [String] = []

    @Option(
        name: [.customShort("r"), .customLong("requirements")],
        help: ArgumentHelp(
            "With `--python`: a requirements file or `pyproject.toml`, whose packages the app imports, in place of those of the virtual environment; native ones are built as `dovetail wheel` does; may be repeated.",
            valueName: "file"),
        completion: .file())
    var requirements: [String] = []

    @Option(
        help: ArgumentHelp(
            "With `--python`: a module that the app may import later, though its code does not name it; may be repeated.",
            valueName: "module"))
    var include: [String] = []

    @Option(
        help: ArgumentHelp(
            "With `--python`: carry the files of a package, which its code reads with importlib.resources or open; those of tzdata are carried "
                + "if the app uses zoneinfo.", valueName: "package"))
    var includeData: [String] = []

    @Option(
        help: ArgumentHelp(
            "With `--python`: an expression to evaluate in the app's module, so that what it imports is there; may be repeated.",
            valueName: "expression"))
    var warm: [String] = []

    @Flag(
        name: [.customShort("s"), .customLong("stub-wasi")],
        help:
            "With `--python`: import nothing from WASI; calls of it trap, and random numbers are always the same."
    )
    var stubsWASI = false

    @Flag(
        help:
            "With `--python`: import CPython from the user's cache instead of containing it; the component is small."
    )
    var shared = false

    @Flag(
        help:
            "With `--python`: keep names of functions, and the app's source code, so that a trap shows them; larger."
    )
    var debug = false

    @Option(
        help: ArgumentHelp(
            "With `--python`: the package of the bindings; `wit_world` when left out.", valueName: "name"))
    var worldModule: String?

    @Option(
        help: ArgumentHelp(
            "With `--python`: what the module of an imported interface is called; may be repeated.",
            valueName: "ns:pkg/iface=name"))
    var importInterfaceName: [String] = []

    @Option(
        help: ArgumentHelp(
            "With `--python`: what the module of an exported interface is called; may be repeated.",
            valueName: "ns:pkg/iface=name"))
    var exportInterfaceName: [String] = []

    @Flag(help: "With `--python`: name modules of interfaces with their package and its version.")
    var fullNames = false

    @Option(
        name: [.customShort("m"), .customLong("module-worlds")],
        help: ArgumentHelp(
            "With `--python`: the world of a package that contains WIT, as its `componentize-py.toml` says; may be repeated, a package after those that it uses.",
            valueName: "package=world"))
    var moduleWorlds: [String] = []

    @Option(
        name: [.customShort("i"), .customLong("intersect-world")],
        help: ArgumentHelp(
            "With `--python`: leave out whatever this world does not have.", valueName: "world"))
    var intersectWorld: String?

    @Flag(help: "With `--python`: use the optimizing compiler for the code that runs only once, here.") var cranelift =
        false

    @OptionGroup var wheels: WheelToolchainArguments

    init() {}

    /// - Throws: `ValidationError` for options that need `--python`, and for more than one app.
    func check(_ files: [String]) throws {
        let given = [
            ("-p", !folders.isEmpty), ("-r", !requirements.isEmpty), ("--include", !include.isEmpty),
            ("--include-data", !includeData.isEmpty),
            ("--warm", !warm.isEmpty),
            ("--cranelift", cranelift), ("--stub-wasi", stubsWASI), ("--shared", shared), ("--debug", debug),
            ("--world-module", worldModule != nil), ("--import-interface-name", !importInterfaceName.isEmpty),
            ("--export-interface-name", !exportInterfaceName.isEmpty), ("--full-names", fullNames),
            ("--module-worlds", !moduleWorlds.isEmpty), ("--intersect-world", intersectWorld != nil),
        ]
        if !python, let (name, _) = given.first(where: { $0.1 }) { throw ValidationError("`\(name)` needs `--python`") }
        if requirements.isEmpty, wheels.isGiven {
            throw ValidationError(
                "`--build-python`, `--clang`, `--config-setting`, `--allow-pure` and `--no-build` need `-r`")
        }
        if python, files.count != 1 {
            throw ValidationError("expected the module of one app, found \(files.count)")
        }
    }

    /// The component of an app.
    ///
    /// - Parameters:
    ///   - name: its module, or the file that it is in.
    ///   - request: the world; what these options say of it is added.
    ///   - defaultFolder: the WIT when none is given and no package has any.
    func component(
        _ name: String, _ request: PythonWorlds.Request, timeLimit: Duration, defaultFolder: () throws -> String
    ) throws -> [UInt8] {
        var request = request
        request.moduleWorlds = try moduleWorlds.map(Self.moduleWorld)
        request.intersection = intersectWorld
        var app = try app(name)
        app.included = include
        app.dataPackages = includeData
        app.stubsWASI = stubsWASI
        app.sharesPython = shared
        app.isForDebugging = debug
        if let worldModule { app.names.package = worldModule }
        app.names.imports = try BindgenOptions.names(importInterfaceName, for: "--import-interface-name")
        app.names.exports = try BindgenOptions.names(exportInterfaceName, for: "--export-interface-name")
        app.names.areFull = fullNames
        app.warmUps = warm
        var site: WheelSite?
        if !requirements.isEmpty {
            let (files, toolchain) = (requirements, wheels)
            site = try withProgress("choosing packages") { progress in
                try toolchain.site(of: files) { progress.update($0) }
            }
            if let site { app.folders.append(site.folder) }
        }
        // A folder that is not there is told of later.
        let contents = AppFolders(app.folders)
        let worlds = try PythonWorlds(
            request, try PackagedWIT.all(in: contents), names: app.names, defaultFolder: defaultFolder)
        app.names = worlds.names
        app.contents = contents
        var limits = Store.Configuration()
        limits.timeout = timeLimit
        limits.maximumMemory = 2 << 30
        var configuration = Engine.Configuration()
        if !cranelift { configuration.compiler = .winch }
        let (chosen, bounds) = (app, limits)
        let built = try withProgress("making a component of \(app.module)") { progress in
            let carrier = try PythonCarrier.load { progress.update($0) }
            return try PythonComponentizer(carrier).component(
                of: chosen, world: worlds.world, in: worlds.graph, engine: try Engine(configuration), limits: bounds
            ) { progress.update($0) }
        }
        if !built.messages.isEmpty { Terminal.write(built.messages, to: 2) }
        for line in site?.notes ?? [] { StandardError.line("note: \(line)") }
        for (package, text) in built.data {
            StandardError.line("note: the component has the files of `\(package)`: \(text)")
        }
        for line in site?.leftOut ?? [] { StandardError.line("note: left out of \(line)") }
        if !built.unused.isEmpty {
            var counts: [String: Int] = [:]
            for path in built.unused { counts[Self.package(Self.short(path, site)), default: 0] += 1 }
            let parts = counts.sorted { $0.key < $1.key }.map { "\($0.value) of `\($0.key)`" }
            StandardError.line(
                "note: native extensions that nothing imports are left out: \(parts.joined(separator: ", "))")
        }
        for (path, count) in built.mended {
            let functions = count == 1 ? "a function" : "\(count) functions"
            StandardError.line(
                "note: \(functions) of `\(Self.short(path, site))` got the parameters that CPython passes")
        }
        return built.component
    }

    /// A path as it is told: below the folder with packages, which has a long name.
    private static func short(_ path: String, _ site: WheelSite?) -> String {
        guard let site, path.hasPrefix(site.folder + "/") else { return path }
        return String(path.dropFirst(site.folder.count + 1))
    }

    /// The first folder of a path, or the file.
    private static func package(_ path: String) -> String {
        path.split(separator: "/").first { $0 != "." && $0 != ".." }.map(String.init) ?? path
    }

    /// A package that brings a world, and the world, out of `package=world`.
    private static func moduleWorld(_ text: String) throws -> (String, String) {
        guard let sign = text.lastIndex(of: "=") else {
            throw ValidationError("expected `package=world` for `--module-worlds`, found `\(text)`")
        }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }

    /// A module by its name, or by its file, whose folder then is looked into first.
    private func app(_ name: String) throws -> PythonProgram {
        var folders = folders.isEmpty ? ["."] : folders
        var module = name
        if name.hasSuffix(".py") {
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            module = String(parts.last?.dropLast(".py".count) ?? "")
            folders.insert(parts.count > 1 ? parts.dropLast().joined(separator: "/") : ".", at: 0)
            if self.folders.isEmpty { folders.removeLast() }
        }
        return PythonProgram(
            module: module, folders: folders + (requirements.isEmpty ? SitePackages.folders() : []))
    }
}
