// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailTestSupport

/// A suite of components with what to call and what comes out: `abi` and `components`.
struct ComponentSuite: ManifestSuite {
    let manifest: Manifest
    private var folder: DataFolder { manifest.folder }

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    /// Components of toolchains that are older than a rule of the specification, with the rule.
    private static let olderToolchains = [
        "p3/backpressure/async-backpressure-caller":
            "its toolchain cancels a read synchronously that is in a waitable set; CanonicalABI.md, `canon stream.cancel-read`, "
            + "traps"
    ]

    func check(_ entry: JSON, _ base: DataFolder) throws {
        if let rule = Self.olderToolchains[try entry.text("id")] { throw CaseSkipped(rule) }
        let runs = entry["runs"]?.array ?? []
        // The reference has no error contexts; the old `cancellable` immediate is gone from the specification.
        if entry["type_error"]?.string?.contains("zero byte") == true { return try checkRefused(entry) }
        if entry["kind"]?.string == "core-module" { return try runModule(entry, runs) }
        if runs.contains(where: isBeyond) { throw CaseSkipped("needs sockets or http") }
        if usesWASI03(entry), !runs.isEmpty { throw CaseSkipped("needs WASI 0.3") }
        let engine = try SharedEngine.engine()
        let component = try Component(engine: engine, bytes: try folder.bytes(try entry.text("file")))
        if runs.isEmpty { return try ExternComparison.check(component, entry) }
        for run in runs {
            do {
                switch try run.text("kind") {
                case "calls":
                    let other = try run["compose_with"]?.string.map { name in
                        try Component(engine: engine, bytes: folder.bytes(manifest.entry(name).text("file")))
                    }
                    try CallRun(run, component: component, other: other, hasWASI: hasWASI(entry)).execute()
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

    /// Core modules are the engine's to validate; here they have to compile, and programs have to run.
    private func runModule(_ entry: JSON, _ runs: [JSON]) throws {
        let file = try entry.text("file")
        _ = try Module(engine: try SharedEngine.engine(), bytes: try folder.bytes(file))
        guard runs.contains(where: { $0["kind"]?.string == "preview1-command" }) else { return }
        let end = try CoreProgram(file: folder.file(file)).run()
        // As its name says, it exits with a code.
        guard end.code != 0 else { throw CaseFailure("expected an exit code other than 0") }
    }

    private func checkRefused(_ entry: JSON) throws {
        let bytes = try folder.bytes(try entry.text("file"))
        guard (try? ComponentDecoder.decode(bytes)) == nil else {
            throw CaseFailure("expected the old `cancellable` immediate to be refused, it was accepted")
        }
    }

    private func hasWASI(_ entry: JSON) -> Bool {
        !(entry["wasi"]?.array ?? []).isEmpty || entry["type_error"] != nil
    }

    private func usesWASI03(_ entry: JSON) -> Bool {
        (entry["wasi"]?.strings ?? []).contains { $0.hasPrefix("0.3") }
    }

    private func isBeyond(_ run: JSON) -> Bool {
        run["network"] != nil || run["server"] != nil || run["kind"]?.string == "http-handler"
    }
}
