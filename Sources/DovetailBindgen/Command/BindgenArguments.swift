// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailWITReader

extension BindgenOptions.Access: ExpressibleByArgument {}

/// What the bindings are written in.
package enum BindingLanguage: String, CaseIterable, Sendable, ExpressibleByArgument {
    case swift, python
}

/// How errors in WIT texts are shown.
package enum DiagnosticStyle: String, CaseIterable, Sendable, ExpressibleByArgument {
    /// With the line and a caret under the place.
    case caret
    /// One line each, `file:line:column: error: …`, as build systems read them.
    case xcode
}

/// The command line of `dovetail bindgen`, the same for the tool and the light one that the build plugin runs.
package struct BindgenArguments: ParsableArguments {
    @Option(help: "Bindings for a host that runs components, in this language; what is written when nothing is said.")
    var host: BindingLanguage?

    @Option(help: "Bindings for a component, in this language.") var guest: BindingLanguage?

    @Option(
        help: ArgumentHelp("The WIT: a file, or a folder with its `deps`.", valueName: "path"), completion: .directory)
    var wit: String?

    @Option(
        help: ArgumentHelp(
            "The world, by its name or as `ns:pkg/name[@version]`; may be given again.", valueName: "name"))
    var world: [String] = []

    @Option(
        help: ArgumentHelp("The folder the file of each world goes to.", valueName: "folder"), completion: .directory)
    var outDir: String?

    @Option(help: ArgumentHelp("One file for all worlds; `-` for standard output.", valueName: "file"))
    var outFile: String?

    @Option(
        help: ArgumentHelp(
            "The Swift type of the world, when its own name does not do; the Python package, `wit_world` when left out.",
            valueName: "name"))
    var name: String?

    @Option(help: "Who may use the bindings.") var access = BindgenOptions.Access.internal

    @Option(
        help: ArgumentHelp(
            "Use the types of an interface that are generated elsewhere; may be given again.",
            valueName: "ns:pkg/iface=Module.Type"))
    var with: [String] = []

    @Option(
        help: ArgumentHelp(
            "Call an interface differently in the bindings; may be given again.", valueName: "ns:pkg/iface=Name"))
    var rename: [String] = []

    @Option(
        help: ArgumentHelp(
            "The same for an imported interface alone; may be given again.", valueName: "ns:pkg/iface=name"))
    var importInterfaceName: [String] = []

    @Option(
        help: ArgumentHelp(
            "The same for an exported interface alone; may be given again.", valueName: "ns:pkg/iface=name"))
    var exportInterfaceName: [String] = []

    @Flag(help: "With `--guest python`: name modules of interfaces with their package and its version.")
    var fullNames = false

    @Option(
        help: ArgumentHelp(
            "Make a function `async`, as `name` or `ns:pkg/iface#name`, or `all` of them; may be given again.",
            valueName: "function"))
    var async: [String] = []

    @Option(
        help: ArgumentHelp(
            "A protocol for all types without handles, as `Codable`; may be given again.", valueName: "name"))
    var conformance: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave out an import: an interface, package or function; may be given again.", valueName: "name"))
    var skipImport: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave out an export: an interface, package or function; may be given again.", valueName: "name"))
    var skipExport: [String] = []

    @Option(
        name: .customLong("import"), help: ArgumentHelp("A module to import; may be given again.", valueName: "module"))
    var modules: [String] = []

    @Option(help: ArgumentHelp("See what is `@unstable` behind a feature; may be given again.", valueName: "name"))
    var feature: [String] = []

    @Flag(help: "See everything that is `@unstable`.") var allFeatures = false

    @Flag(help: "Generate WASI's interfaces, too, for the host to implement, instead of taking them from DovetailWASI.")
    var noWasi = false

    @Flag(help: "Write the interfaces only, for `--with` of other bindings: nothing that makes an instance.")
    var interfacesOnly = false

    @Flag(help: "End bindings for a component with types to fill in for everything it exports.")
    var stubs = false

    @Flag(help: "Write nothing; fail when a file differs from what would be written.") var check = false

    @Option(help: "How errors in WIT are shown.") var diagnostics = DiagnosticStyle.caret

    @Option(
        help: ArgumentHelp("What the bindings say made them; this command when left out.", valueName: "command"))
    var madeBy: String?

    @Argument(
        help: "A component whose world to use instead of WIT; `-` is standard input.",
        completion: .file(extensions: ["wasm", "wat"]))
    var component: String?

    package init() {}

    package mutating func validate() throws {
        if host != nil, guest != nil {
            throw ValidationError("expected either `--host` or `--guest`, found both")
        }
        if host == .python {
            throw ValidationError("expected `swift` for `--host`, found `python`: there are no such bindings")
        }
        if guest == .python, outDir == nil {
            throw ValidationError("expected `--out-dir` beside `--guest python`: the bindings are a package")
        }
        if guest == .python, stubs || interfacesOnly || !with.isEmpty || !conformance.isEmpty || !modules.isEmpty {
            throw ValidationError(
                "`--stubs`, `--interfaces-only`, `--with`, `--conformance` and `--import` are for bindings in Swift")
        }
        if guest != .python, fullNames || !importInterfaceName.isEmpty || !exportInterfaceName.isEmpty {
            throw ValidationError(
                "`--import-interface-name`, `--export-interface-name` and `--full-names` are for `--guest python`")
        }
        if stubs, guest == nil { throw ValidationError("expected `--guest` beside `--stubs`: hosts have no exports") }
        if (wit == nil) == (component == nil) {
            throw ValidationError("expected either `--wit` or a component, found \(wit == nil ? "neither" : "both")")
        }
        if (outDir == nil) == (outFile == nil) {
            throw ValidationError(
                "expected either `--out-dir` or `--out-file`, found \(outDir == nil ? "neither" : "both")")
        }
    }

    /// Generates, and writes or compares the files.
    ///
    /// - Throws: what is wrong with the input, or with the file system; `ExitCode` when it was already told.
    package func generate(_ services: BindgenServices = BindgenServices()) throws {
        if guest == .python, services.python == nil {
            throw ValidationError(
                "bindings in Python are written by `dovetail bindgen`, not by the tool of the build plugin")
        }
        let input = try BindgenInput.read(
            wit: wit, component: component, features: allFeatures ? .all : .only(feature), style: diagnostics,
            services)
        let worlds = try input.worlds(world)
        let options = try options()
        var files: [(path: String, text: String)] = []
        if let outFile {
            files = [(outFile, try Bindgen.generate(worlds, of: input.graph, options: options))]
        } else if let outDir {
            let written =
                if guest == .python, let python = services.python {
                    try python(worlds, input.graph, options)
                } else {
                    try Bindgen.generateFiles(worlds, of: input.graph, options: options)
                }
            files = written.map {
                (outDir + "/" + $0.name, $0.text)
            }
        }
        for file in files {
            if file.path == "-" {
                try StandardOutput.write(file.text)
            } else if check {
                try OutputFile.check(file.path, file.text, command: options.command)
            } else {
                try OutputFile.write(file.path, file.text)
            }
        }
    }

    /// Names of interfaces, as `ns:pkg/iface=name`.
    private static func names(_ texts: [String]) throws -> [String: String] {
        var names: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].contains(":") else { throw BindgenError.badRename(text) }
            names[String(parts[0])] = String(parts[1])
        }
        return names
    }

    private func options() throws -> BindgenOptions {
        var options = BindgenOptions()
        options.access = access
        for text in with {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].contains(":") else { throw BindgenError.badWith(text) }
            options.with[String(parts[0])] = String(parts[1])
        }
        options.interfaceNames = try Self.names(rename)
        options.importNames = try Self.names(importInterfaceName)
        options.exportNames = try Self.names(exportInterfaceName)
        options.usesFullNames = fullNames
        if async == ["all"] {
            options.async = .all
        } else if !async.isEmpty {
            options.async = .named(Set(async))
        }
        options.conformances = conformance
        options.excludedImports = Set(skipImport)
        options.excludedExports = Set(skipExport)
        options.imports = modules
        options.typeName = name
        if guest == .swift { options.output = .swiftGuest }
        options.takesWASI = !noWasi && guest == nil
        options.stubs = stubs
        options.interfacesOnly = interfacesOnly
        options.command = madeBy ?? command
        return options
    }

    /// The command without what differs from machine to machine.
    private var command: String {
        func plain(_ path: String) -> String {
            path.hasPrefix("/") ? path.split(separator: "/").last.map(String.init) ?? path : path
        }
        var words = ["dovetail", "bindgen"]
        if let guest {
            words += ["--guest", guest.rawValue]
        } else {
            words += ["--host", BindingLanguage.swift.rawValue]
        }
        if let wit { words += ["--wit", plain(wit)] }
        if let component { words.append(plain(component)) }
        for name in world { words += ["--world", name] }
        return words.joined(separator: " ")
    }
}
