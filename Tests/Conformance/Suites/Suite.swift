// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport

/// A kind of conformance data.
protocol Suite {
    /// All cases, in order.
    func cases() throws -> [CaseReference]

    /// Runs a case and reports the outcome of each unit to the recorder.
    func run(_ identifier: String, recorder: Recorder) throws
}

/// Where a case reports the outcomes of its units.
final class Recorder {
    private let excluded: Set<Int>
    private let send: (WorkerMessage) -> Void

    /// - Parameter excluded: units that ended an earlier worker, which are not tried again.
    init(excluded: Set<Int>, send: @escaping (WorkerMessage) -> Void) {
        self.excluded = excluded
        self.send = send
    }

    /// Runs a unit unless it ended a worker before.
    func unit(_ index: Int, _ body: () throws -> Void) {
        guard !excluded.contains(index) else { return }
        send(.started(index))
        send(.ended(index, Self.outcome(body)))
    }

    private static func outcome(_ body: () throws -> Void) -> Outcome {
        do {
            try body()
            return .passed
        } catch let skipped as CaseSkipped {
            return .skipped(skipped.description)
        } catch {
            return .failed("\(error)")
        }
    }
}

/// The suites that the tool can run.
enum SuiteCatalog {
    /// Their names, in the order they run.
    static let names = [
        "wast/component-model", "wast/wasmtime", "wast/wasm-tools", "abi", "components", "wave", "wit-parse",
        "wit-encode", "wit-merge", "wit-targets", "wit-tools", "worlds", "componentize",
        "wasi-testsuite/wasm32-wasip1", adapted, "wasi-testsuite/wasm32-wasip3",
    ]

    /// The suite of the programs of preview 1 that run as components; its data is that of the programs.
    private static let adapted = "wasi-testsuite/wasm32-wasip1-adapted"

    /// The suite `name`, `nil` when `folder` has no data for it.
    static func suite(_ name: String, in folder: DataFolder) throws -> (any Suite)? {
        let data = folder.folder(name == adapted ? "wasi-testsuite/wasm32-wasip1" : name)
        guard data.exists else { return nil }
        switch name {
        case "wast/component-model", "wast/wasmtime", "wast/wasm-tools":
            return try ScriptSuite(name: name, folder: data)
        case "abi", "components": return try ComponentSuite(folder: data)
        case "wave": return try WaveSuite(folder: data)
        case "wit-parse": return try WITParseSuite(folder: data)
        case "wit-encode": return try WITEncodeSuite(folder: data)
        case "wit-tools": return try WITToolsSuite(folder: data)
        case "componentize": return try ComponentizeSuite(folder: data)
        case "worlds": return try WorldsSuite(folder: data)
        case "wit-merge": return try WITMergeSuite(folder: data)
        case "wit-targets": return try WITTargetsSuite(folder: data)
        case "wasi-testsuite/wasm32-wasip1": return CoreProgramSuite(folder: data)
        case adapted: return AdaptedProgramSuite(folder: data)
        case "wasi-testsuite/wasm32-wasip3": return AsyncProgramSuite(folder: data)
        default: return nil
        }
    }
}
