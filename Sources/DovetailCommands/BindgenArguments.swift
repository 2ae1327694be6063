// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailBindgen

extension BindgenOptions.Access: ExpressibleByArgument {}
extension BindgenRequest.DiagnosticStyle: ExpressibleByArgument {}

/// What bindings for a host are written in.
enum HostLanguage: String, CaseIterable, Sendable, ExpressibleByArgument {
    case swift
}

/// What bindings for a component are written in.
enum GuestLanguage: String, CaseIterable, Sendable, ExpressibleByArgument {
    case swift, python
}

/// The command line of `dovetail bindgen`.
struct BindgenArguments: ParsableArguments {
    @Option(help: "Write bindings for a host, in this language. This is the default, in Swift.")
    var host: HostLanguage?

    @Option(help: "Write bindings for a component, in this language.") var guest: GuestLanguage?

    @Option(
        help: ArgumentHelp("The WIT to read: a file, or a folder and its `deps`.", valueName: "path"),
        completion: .directory)
    var wit: String?

    @Option(
        help: ArgumentHelp(
            "The world to generate for, as `name` or `ns:pkg/name[@version]`; may be repeated. Python gets one package for all.",
            valueName: "name"))
    var world: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder to write to: one Swift file per world, or a Python package.", valueName: "folder"),
        completion: .directory)
    var outDir: String?

    @Option(help: ArgumentHelp("Write all worlds to one file; `-` is standard output.", valueName: "file"))
    var outFile: String?

    @Option(
        help: ArgumentHelp(
            "The name of the Swift type instead of the world's, or of the Python package instead of `wit_world`.",
            valueName: "name"))
    var name: String?

    @Option(help: "The access level of the generated declarations.") var access = BindgenOptions.Access.internal

    @Option(
        help: ArgumentHelp(
            "Use the types that were generated elsewhere for an interface; may be repeated.",
            valueName: "ns:pkg/iface=Module.Type"))
    var with: [String] = []

    @Option(
        help: ArgumentHelp(
            "Give an interface another name in the bindings; may be repeated.", valueName: "ns:pkg/iface=name"))
    var rename: [String] = []

    @Option(
        help: ArgumentHelp(
            "Give an imported interface another name; may be repeated.", valueName: "ns:pkg/iface=name"))
    var importInterfaceName: [String] = []

    @Option(
        help: ArgumentHelp(
            "Give an exported interface another name; may be repeated.", valueName: "ns:pkg/iface=name"))
    var exportInterfaceName: [String] = []

    @Flag(help: "With `--guest python`: put package and version into the names of interface modules.")
    var fullNames = false

    @Option(
        help: ArgumentHelp(
            "Generate a function as `async`: `name`, `ns:pkg/iface#name`, or `all`; may be repeated.",
            valueName: "function"))
    var async: [String] = []

    @Option(
        help: ArgumentHelp(
            "Make all types that hold no handles conform to a protocol, such as `Codable`; may be repeated.",
            valueName: "name"))
    var conformance: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave out an import: an interface, package or function; may be repeated.", valueName: "name"))
    var skipImport: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave out an export: an interface, package or function; may be repeated.", valueName: "name"))
    var skipExport: [String] = []

    @Option(
        name: .customLong("import"),
        help: ArgumentHelp("Import a module in the generated file; may be repeated.", valueName: "module"))
    var modules: [String] = []

    @Option(help: ArgumentHelp("Include items marked `@unstable(feature = name)`; may be repeated.", valueName: "name"))
    var feature: [String] = []

    @Flag(help: "Include all items marked `@unstable`.") var allFeatures = false

    @Flag(help: "Generate WASI's interfaces too, for the host to implement, instead of using those of DovetailWASI.")
    var noWasi = false

    @Flag(help: "Generate interfaces only, without the type that makes instances, for `--with` of other bindings.")
    var interfacesOnly = false

    @Flag(help: "Add empty implementations of all exports to bindings for a component.")
    var stubs = false

    @Flag(help: "Write nothing; fail if a file differs from what would be written.") var check = false

    @Option(help: "The style of error messages about WIT.") var diagnostics = BindgenRequest.DiagnosticStyle.caret

    @Option(
        help: ArgumentHelp(
            "The command that the header of the generated file names; this command by default.", valueName: "command"))
    var madeBy: String?

    @Argument(
        help: "A component to generate for instead of WIT; `-` is standard input.",
        completion: .file(extensions: ["wasm", "wat"]))
    var component: String?

    mutating func validate() throws {
        if host != nil, guest != nil {
            throw ValidationError("expected either `--host` or `--guest`, found both")
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
        options.interfaceNames = try BindgenOptions.names(rename, for: "--rename")
        options.importNames = try BindgenOptions.names(importInterfaceName, for: "--import-interface-name")
        options.exportNames = try BindgenOptions.names(exportInterfaceName, for: "--export-interface-name")
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
            words += ["--host", HostLanguage.swift.rawValue]
        }
        if let wit { words += ["--wit", plain(wit)] }
        if let component { words.append(plain(component)) }
        for name in world { words += ["--world", name] }
        return words.joined(separator: " ")
    }
}
