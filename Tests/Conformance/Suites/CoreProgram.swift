// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailCoreRunner
import DovetailTestSupport
import Foundation

/// A program of WASI preview 1, run in a separate process because the engine gives it the process's standard streams.
struct CoreProgram {
    /// What the process has to do; passed to it as JSON.
    struct Order: Codable {
        var file: String
        var arguments: [String]
        var environment: [[String]]
        var folders: [[String]]
    }

    private var order: Order

    init(
        file: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
        folders: [(host: String, guest: String)] = []
    ) {
        order = Order(
            file: file, arguments: arguments, environment: environment.map { [$0.name, $0.value] },
            folders: folders.map { [$0.host, $0.guest] })
    }

    /// Runs it to its end.
    func run() throws -> BuiltProduct.Outcome {
        let order = String(decoding: try JSONEncoder().encode(order), as: UTF8.self)
        let outcome = try BuiltProduct.runHoldingThread(WorkerProcess.executable, ["--program", order, "-"])
        if let signal = outcome.signal {
            throw CaseFailure("the program's process ended with signal \(signal): \(outcome.errors.suffix(300))")
        }
        return outcome
    }

    /// The process's side: runs the program that `text` describes and returns its exit code.
    static func execute(_ text: String) throws -> Int32 {
        let order = try JSONDecoder().decode(Order.self, from: Data(text.utf8))
        var configuration = CoreModuleRunner.Configuration()
        configuration.arguments = order.arguments
        configuration.environment = try order.environment.map { (try pair($0).0, try pair($0).1) }
        configuration.folders = try order.folders.map { (try pair($0).0, try pair($0).1) }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: order.file))
        let engine = try SharedEngine.engine()
        let module = try bytes.withUnsafeBytes { try CoreModule(engine: engine, bytes: $0) }
        return try CoreModuleRunner(module).run(configuration)
    }

    private static func pair(_ texts: [String]) throws -> (String, String) {
        guard texts.count == 2 else { throw CaseFailure("expected a pair of texts") }
        return (texts[0], texts[1])
    }
}
