// SPDX-License-Identifier: Apache-2.0

/// A test script.
package struct CorpusScript: Sendable, CustomStringConvertible {
    /// The suite in `wast`.
    package let suite: String
    package let name: String
    let folder: DataFolder

    package var description: String { "\(suite)/\(name)" }

    /// A command that has a component's binary.
    package struct Command: Sendable, CustomStringConvertible {
        package let line: Int
        package let type: String
        package let message: String
        package let bytes: [UInt8]

        /// Whether the binary has to be refused.
        package var isRejection: Bool { type == "assert_invalid" || type == "assert_malformed" }

        package var description: String { "line \(line), \(type): \(message)" }
    }

    /// The switches of features, as upstream writes them.
    package func features() throws -> [String] { try folder.json(name + ".json")["features"]?.strings ?? [] }

    /// The commands that have a component's binary, nested ones included.
    package func commands() throws -> [Command] {
        var found: [Command] = []
        try collect(folder.json(name + ".json").list("commands"), into: &found)
        return found
    }

    private func collect(_ commands: [JSON], into found: inout [Command]) throws {
        let parent = name.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        for command in commands {
            try collect(command["commands"]?.array ?? [], into: &found)
            guard let file = command["filename"]?.string, command["form"]?.string == "component" else { continue }
            found.append(
                Command(
                    line: command["line"]?.integer ?? 0, type: try command.text("type"),
                    message: command["message"]?.string ?? "", bytes: try folder.bytes(parent + file)))
        }
    }
}
