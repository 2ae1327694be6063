// SPDX-License-Identifier: Apache-2.0

import Dovetail
import Foundation

/// A program of WASI preview 1, run in a process of its own because the engine gives it the process's streams.
struct CoreProgram {
    /// How it ended.
    struct End {
        var code: Int32
        var output: String
        var errors: String
    }

    /// What the process is told; its one argument, as JSON.
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
    func run() throws -> End {
        let scratch = try ScratchFolder(copying: nil)
        defer { scratch.remove() }
        let names = [scratch.path + "/stdout", scratch.path + "/stderr"]
        let process = Process()
        process.executableURL = try WorkerProcess.executable()
        process.arguments = ["--program", String(decoding: try JSONEncoder().encode(order), as: UTF8.self), "-"]
        process.standardInput = FileHandle.nullDevice
        let handles = try names.map { name in
            _ = FileManager.default.createFile(atPath: name, contents: nil)
            return try FileHandle(forWritingTo: URL(fileURLWithPath: name))
        }
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        try process.run()
        process.waitUntilExit()
        let texts = try names.map { String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self) }
        if process.terminationReason == .uncaughtSignal {
            throw CaseFailure(
                "the program's process ended with signal \(process.terminationStatus): \(texts[1].suffix(300))")
        }
        return End(code: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    /// The other side: runs what `text` orders, in this process, and gives the exit code.
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
