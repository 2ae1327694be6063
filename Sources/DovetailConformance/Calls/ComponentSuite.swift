// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary

/// A suite of components with what to call and what comes out: `abi` and `components`.
struct ComponentSuite: Suite {
    private let folder: DataFolder
    private let list: [JSON]
    private let positions: [String: Int]

    init(folder: DataFolder) throws {
        self.folder = folder
        list = try folder.json("manifest.json").list("cases")
        positions = Dictionary(
            try list.enumerated().map { (try $1.text("id"), $0) }, uniquingKeysWith: { first, _ in first })
    }

    func cases() throws -> [CaseReference] {
        try list.map { CaseReference(identifier: try $0.text("id"), units: [""]) }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        let entry = try entry(identifier)
        recorder.unit(0) { try run(entry) }
    }

    private func entry(_ identifier: String) throws -> JSON {
        guard let position = positions[identifier] else { throw CaseFailure("there is no case `\(identifier)`") }
        return list[position]
    }

    private func run(_ entry: JSON) throws {
        let runs = entry["runs"]?.array ?? []
        if let text = entry["type_error"]?.string { return try checkRefused(entry, text) }
        if entry["kind"]?.string == "core-module" { return try runModule(entry, runs) }
        if isAsync(entry) { throw CaseSkipped.needsAsync }
        if runs.contains(where: isBeyond) { throw CaseSkipped("needs sockets or http") }
        let engine = try SharedEngine.engine()
        let component = try Component(engine: engine, bytes: try folder.bytes(try entry.text("file")))
        if component.plan.needsAsync { throw CaseSkipped.needsAsync }
        if runs.isEmpty { return try ExternComparison.check(component, entry) }
        for run in runs {
            do {
                if let name = run["compose_with"]?.string {
                    throw isAsync(try self.entry(name))
                        ? CaseSkipped.needsAsync : CaseSkipped("needs a component of another case")
                }
                switch try run.text("kind") {
                case "calls": try CallRun(run, component: component, hasWASI: hasWASI(entry)).execute()
                case "command": try CommandRun(run, component: component).execute()
                case let kind: throw CaseSkipped("runs of kind \(kind) need an issue of their own")
                }
            } catch let skipped as CaseSkipped {
                throw skipped
            } catch {
                throw CaseFailure("\(run["name"]?.string ?? "run"): \(error)")
            }
        }
    }

    /// The insides of core modules are the engine's; here they have to compile, and programs have to run.
    private func runModule(_ entry: JSON, _ runs: [JSON]) throws {
        let file = try entry.text("file")
        _ = try Module(engine: try SharedEngine.engine(), bytes: try folder.bytes(file))
        guard runs.contains(where: { $0["kind"]?.string == "preview1-command" }) else { return }
        let end = try CoreProgram(file: folder.file(file)).run()
        // Its name says what it does: it ends itself with a code.
        guard end.code != 0 else { throw CaseFailure("expected an exit code other than 0") }
    }

    private func checkRefused(_ entry: JSON, _ reason: String) throws {
        // Error contexts are part of the specification; the old `cancellable` immediate no longer is.
        guard reason.contains("zero byte") else { throw CaseSkipped.needsAsync }
        let bytes = try folder.bytes(try entry.text("file"))
        guard (try? ComponentDecoder.decode(bytes)) == nil else {
            throw CaseFailure("expected the old `cancellable` immediate to be refused, it was accepted")
        }
    }

    private func hasWASI(_ entry: JSON) -> Bool { !(entry["wasi"]?.array ?? []).isEmpty }

    private func isAsync(_ entry: JSON) -> Bool {
        if (entry["wasi"]?.strings ?? []).contains(where: { $0.hasPrefix("0.3") }) { return true }
        let text = "\(entry["imports"] ?? .null) \(entry["exports"] ?? .null)"
        return ["async func", "stream<", "future<", "error-context"].contains { text.contains($0) }
    }

    private func isBeyond(_ run: JSON) -> Bool {
        run["network"] != nil || run["server"] != nil || run["kind"]?.string == "http-handler"
    }
}
