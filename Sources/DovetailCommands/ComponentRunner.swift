// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailArguments
import DovetailHTTP
import DovetailTypes
import DovetailWASI
import DovetailWIT
import DovetailWITReader

/// Loads a component with WASI and runs it as a command or calls one of its functions.
struct ComponentRunner {
    let file: WasmFile
    let arguments: [String]
    let options: GuestOptions

    /// Calls `wasi:cli/run`.
    /// - Returns: the guest's exit code.
    func runCommand() throws -> Int32 {
        let instance = try instantiate()
        let known = instance.functionNames
        guard known.contains(where: { $0.hasPrefix("wasi:cli/run@") || $0.hasPrefix("wasi:cli/run#") }) else {
            let isProxy = known.contains { $0.hasPrefix("wasi:http/incoming-handler@") }
            throw WasmFile.Failure(
                description: "`\(file.name)` exports no `wasi:cli/run`, so it is no command; "
                    + (isProxy
                        ? "it answers HTTP requests, which `dovetail serve \(file.name)` lets it do"
                        : "call a function with `--invoke`" + Self.list(known)))
        }
        let run = try instance.function("run", in: "wasi:cli/run")
        if case .error? = try runningGuest({ try run.call([]) }) { return 1 }
        return 0
    }

    /// Calls the function that `text` names, with the values in it.
    /// - Returns: the result in canonical WAVE, `nil` where the function has none.
    func invoke(_ text: String) throws -> String? {
        let call = try WAVE.parseCall(text)
        let instance = try instantiate()
        let function = try instance.function(Self.resolve(call.name, among: instance.functionNames))
        let parameters = function.type.parameters.map {
            FunctionDefinition.Parameter(name: $0.name, type: $0.type)
        }
        let values: [Value]
        do {
            values = try call.arguments(parameters, in: function.types)
        } catch {
            throw WasmFile.Failure(description: "cannot call `\(function.name)`: \(error)")
        }
        guard let result = try runningGuest({ try function.call(values) }), let type = function.type.result else {
            return nil
        }
        return try WAVE.print(result, as: type, in: function.types)
    }

    private func instantiate() throws -> Instance {
        let engine = try options.engine(for: file.contents)
        let component = try withProgress("compiling \(file.name)") { _ in
            try file.component(engine)
        }
        engine.warnOfCache()
        try SharedPython.restore(for: component, file.name)
        var linker = Linker(engine: engine)
        linker.addWASI()
        linker.addHTTP()
        var wasi = WASIConfiguration(
            arguments: arguments, environment: try options.environment(),
            preopens: options.folders.map { Preopen($0.host, as: $0.guest) })
        wasi.network = options.network.grants
        wasi.standardInput = .inherit
        wasi.standardOutput = .inherit
        wasi.standardError = .inherit
        if let limit = options.maxRandomSize { wasi.largestRandomRequest = limit }
        let store = try Store(engine: engine, configuration: options.limits, wasi: wasi)
        store.http = HTTPContext(store.wasi, HTTPGrants(client: HTTPClient()))
        let instance = try runningGuest { try linker.instantiate(component, in: store) }
        // The process ends soon: giving back what they have takes longer than that.
        for object in [component, store, instance] as [AnyObject] { _ = Unmanaged.passRetained(object) }
        return instance
    }

    // MARK: - Names

    /// The full name of the function that `name` stands for: alone, or behind its interface's name with a dot.
    static func resolve(_ name: String, among known: [String]) throws -> String {
        if known.contains(name) { return name }
        let matches = known.filter { spellings(of: $0).contains(name) }
        if let only = matches.first, matches.count == 1 { return only }
        if matches.count > 1 {
            throw WasmFile.Failure(
                description: "`\(name)` is ambiguous, name one of " + shown(matches))
        }
        let near = NameSuggestion.nearest(to: name, among: known.flatMap { spellings(of: $0) })
        let hint = near.map { ", did you mean `\($0)`?" } ?? list(known)
        throw WasmFile.Failure(description: "there is no function `\(name)`" + hint)
    }

    /// `ns:pkg/iface@1.0.0#f` as `f`, `iface.f`, `ns:pkg/iface.f` and `ns:pkg/iface@1.0.0.f`; with `#` for the dot as well.
    private static func spellings(of full: String) -> [String] {
        guard let hash = full.lastIndex(of: "#") else { return [full] }
        let instance = full[..<hash]
        let function = full[full.index(after: hash)...]
        let unversioned = instance.prefix { $0 != "@" }
        let short = unversioned.split(separator: "/").last ?? unversioned
        return [String(function)]
            + [".", "#"].flatMap { mark in [short, unversioned, instance].map { $0 + mark + function } }
    }

    private static func dotted(_ full: String) -> String { full.replacing("#", with: ".") }

    private static func list(_ known: [String]) -> String {
        if known.isEmpty { return "; it exports no functions" }
        return "; it exports \(shown(known))"
    }

    private static func shown(_ names: [String]) -> String {
        names.prefix(10).map { "`\(dotted($0))`" }.joined(separator: ", ")
            + (names.count > 10 ? " and \(names.count - 10) more" : "")
    }
}
