// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The conformance data beside the package, found through `DOVETAIL_SHARED` or as `../shared`.
enum Corpus {
    /// The folder of the conformance data; `nil` when it is not there.
    static let root: URL? = {
        let shared: URL
        if let path = ProcessInfo.processInfo.environment["DOVETAIL_SHARED"] {
            shared = URL(fileURLWithPath: path)
        } else {
            let package = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
            shared = package.deletingLastPathComponent().appendingPathComponent("shared")
        }
        let conformance = shared.appendingPathComponent("conformance")
        return FileManager.default.fileExists(atPath: conformance.path) ? conformance : nil
    }()

    /// Whether the data is there.
    static var isAvailable: Bool { root != nil }

    /// A command of a script that has a binary.
    struct Command: Sendable, CustomStringConvertible {
        var suite: String
        var script: String
        var line: Int
        var type: String
        var form: String
        var message: String
        var file: URL
        var features: [String]

        var description: String { "\(suite)/\(script):\(line) \(type) \(file.lastPathComponent): \(message)" }
        var bytes: [UInt8] { [UInt8]((try? Data(contentsOf: file)) ?? Data()) }
    }

    /// The commands of the three script suites that have a component's binary.
    static func commands() throws -> [Command] {
        guard let root else { return [] }
        var commands: [Command] = []
        for suite in ["component-model", "wasm-tools", "wasmtime"] {
            let folder = root.appendingPathComponent("wast/\(suite)")
            for file in files(in: folder, ending: ".json") where file.lastPathComponent != "manifest.json" {
                let script = try JSONDecoder().decode(Script.self, from: Data(contentsOf: file))
                let name = String(file.path.dropFirst(folder.path.count + 1).dropLast(5))
                collect(script.commands, suite: suite, script: name, file: file, script.features ?? [], into: &commands)
            }
        }
        return commands
    }

    private static func collect(
        _ items: [Script.Command], suite: String, script: String, file: URL, _ features: [String],
        into commands: inout [Command]
    ) {
        for item in items {
            if let inner = item.commands {
                collect(inner, suite: suite, script: script, file: file, features, into: &commands)
            }
            guard let filename = item.filename, item.form == "component" else { continue }
            commands.append(
                Command(
                    suite: suite, script: script, line: item.line, type: item.type, form: item.form ?? "",
                    message: item.message ?? "",
                    file: file.deletingLastPathComponent().appendingPathComponent(filename), features: features))
        }
    }

    /// The files below `folder` whose names end so, sorted.
    static func files(in folder: URL, ending: String) -> [URL] {
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(ending) }.sorted().map { folder.appendingPathComponent($0) }
    }

    private struct Script: Decodable {
        struct Command: Decodable {
            var type: String
            var line: Int
            var form: String?
            var filename: String?
            var message: String?
            var commands: [Command]?
        }

        var features: [String]?
        var commands: [Command]

        enum CodingKeys: CodingKey { case features, commands }
    }
}
