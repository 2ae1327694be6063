// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation

/// A case for a worker: one line on its standard input.
struct WorkerJob: Codable, Sendable {
    var suite: String
    var identifier: String
    /// Units that ended an earlier worker.
    var excluded: [Int]
}

/// A worker's report: one line on its standard output.
enum WorkerMessage: Codable, Sendable {
    /// A unit begins.
    case started(Int)
    /// A unit ended.
    case ended(Int, Outcome)
    /// The case could not be run at all.
    case broken(String)
    /// The case is done.
    case done
}

/// Lines of JSON.
enum WorkerLine {
    /// One line, its end included.
    static func encode(_ value: some Encodable) -> Data {
        // Only texts and numbers are encoded, which cannot fail.
        var line = (try? JSONEncoder().encode(value)) ?? Data()
        line.append(0x0a)
        return line
    }

    /// What a line says, `nil` when it is something else.
    static func decode<Content: Decodable>(_ type: Content.Type, _ line: Data) -> Content? {
        try? JSONDecoder().decode(type, from: line)
    }
}
