// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailWIT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a comparison of worlds found, and how it is told.
struct WorldReport {
    /// The form for scripts.
    private struct Form: Encodable {
        struct Difference: Encodable {
            var path: [String]
            var message: String
        }

        var compatible: Bool
        var differences: [Difference]
    }

    var differences: [WorldDifference]

    /// Prints the result; without JSON nothing is printed when all is well.
    ///
    /// - Throws: ``ExitCode/failure`` when there are differences, after they were printed below `headline`.
    func finish(json: Bool, headline: String) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let form = Form(
                compatible: differences.isEmpty,
                differences: differences.map { Form.Difference(path: $0.path, message: $0.message) })
            try StandardOutput.line(String(decoding: try encoder.encode(form), as: UTF8.self))
        } else if !differences.isEmpty {
            StandardError.line(
                "error: \(headline)\n" + differences.map { "  \($0)" }.joined(separator: "\n"))
        }
        if !differences.isEmpty { throw ExitCode.failure }
    }
}
