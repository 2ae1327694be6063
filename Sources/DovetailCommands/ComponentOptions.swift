// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailBinary
import DovetailComponentize

/// How core modules become a component, in `componentize` and `link`.
struct ComponentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A module that implements what is imported from NAME, by default the file's name; may be repeated.",
            valueName: "[name=]file"),
        completion: .file(extensions: ["wasm"]))
    var adapt: [String] = []

    @Flag(
        name: .customLong("wasi-0.2.0"),
        help: "Adapt preview 1 to WASI 0.2.0, for hosts older than 0.2.12; exit codes other than 0 become 1.")
    var olderWASI = false

    @Flag(help: "Let adapters allocate their stack by `memory.grow`.") var reallocViaMemoryGrow = false

    @Flag(help: "Import each version of an interface separately, even compatible ones.") var keepImportVersions = false

    @Flag(help: "Refuse names in the form used before `cm32p2`.") var rejectLegacyNames = false

    @Flag(
        help:
            "Name interfaces by what versions are compatible, `a:b/c@0.2`, with the rest of the version beside it; for hosts that know such names."
    )
    var emitCanonicalNames = false

    @Flag(help: "Call through typed references in place of a table.") var returnCallRef = false

    init() {}

    /// What the options choose.
    var choices: Componentizer.Options {
        var choices = Componentizer.Options()
        choices.mergesImportVersions = !keepImportVersions
        choices.rejectsLegacyNames = rejectLegacyNames
        choices.emitsCanonicalNames = emitCanonicalNames
        choices.reallocatesByMemoryGrow = reallocViaMemoryGrow
        choices.usesReturnCallReference = returnCallRef
        choices.producers = ProducersSection(processedBy: "dovetail", version: DovetailVersion.current)
        return choices
    }

    /// The adapters that were named, and the one for WASI preview 1 where `modules` need it.
    func adapters(for modules: [[UInt8]]) throws -> [Componentizer.Adapter] {
        var adapters = try adapt.map { argument in
            let (name, path) = Self.adapter(argument)
            return Componentizer.Adapter(name: name, bytes: try WasmFile.read(path))
        }
        let preview1 = Preview1Adapter.moduleName
        if !adapters.contains(where: { $0.name == preview1 }),
            let adapter = try Preview1Adapter(for: modules, forOlderHosts: olderWASI)
        {
            adapters.append(Componentizer.Adapter(name: preview1, bytes: adapter.bytes))
        }
        return adapters
    }

    /// The name and the file of an adapter: `wasi_snapshot_preview1.reactor.wasm` is one for `wasi_snapshot_preview1`.
    static func adapter(_ argument: String) -> (name: String, path: String) {
        if let equals = argument.firstIndex(of: "=") {
            return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
        }
        let file = argument.split(separator: "/").last ?? ""
        return (String(file.prefix { $0 != "." }), argument)
    }
}
