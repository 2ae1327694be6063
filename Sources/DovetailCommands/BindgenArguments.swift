// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailBindgen

extension BindgenOptions.Access: ExpressibleByArgument {}
extension BindgenRequest.DiagnosticStyle: ExpressibleByArgument {}

/// What the bindings are written in.
enum BindingLanguage: String, CaseIterable, Sendable, ExpressibleByArgument {
    case swift, python
}

/// The command line of `dovetail bindgen`.
struct BindgenArguments: ParsableArguments {
    @Option(help: "Bindings for a host that runs components, in this language; what is written when nothing is said.")
    var host: BindingLanguage?

    @Option(help: "Bindings for a component, in this language.") var guest: BindingLanguage?

    @Option(
        help: ArgumentHelp("The WIT: a file, or a folder with its `deps`.", valueName: "path"), completion: .directory)
    var wit: String?

    @Option(
        help: ArgumentHelp(
            "The world, by its name or as `ns:pkg/name[@version]`; may be given again. Python gets one package for all.",
            valueName: "name"))
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

    @Option(help: "How errors in WIT are shown.") var diagnostics = BindgenRequest.DiagnosticStyle.caret

    @Option(
        help: ArgumentHelp("What the bindings say made them; this command when left out.", valueName: "command"))
    var madeBy: String?

    @Argument(
        help: "A component whose world to use instead of WIT; `-` is standard input.",
        completion: .file(extensions: ["wasm", "wat"]))
    var component: String?

    mutating func validate() throws {
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
        if let misuse = paths.misuse { throw ValidationError(misuse) }
    }

    private var paths: BindgenRequest {
        var request = BindgenRequest()
        request.wit = wit
        request.component = component
        request.outDir = outDir
        request.outFile = outFile
        return request
    }

    /// - Throws: ``BindgenError`` when an option's value has another form than it should.
    func request() throws(BindgenError) -> BindgenRequest {
        var request = paths
        request.worlds = world
        request.features = feature
        request.allFeatures = allFeatures
        request.diagnostics = diagnostics
        request.check = check
        request.options = try options()
        return request
    }

    private func options() throws(BindgenError) -> BindgenOptions {
        var options = BindgenOptions()
        options.access = access
        options.with = try BindgenOptions.types(with)
        options.interfaceNames = try BindgenOptions.names(rename)
        options.importNames = try BindgenOptions.names(importInterfaceName)
        options.exportNames = try BindgenOptions.names(exportInterfaceName)
        options.usesFullNames = fullNames
        options.makeAsync(async)
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
