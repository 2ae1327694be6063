// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailJSON
import DovetailWIT

/// What a comparison of worlds found, and how it is told.
struct WorldReport {
    var differences: [WorldDifference]

    /// Prints the result; without JSON nothing is printed when all is well.
    ///
    /// - Throws: ``ExitCode/failure`` when there are differences, after they were printed below `headline`.
    func finish(json: Bool, headline: String) throws {
        if json {
            let tree = JSONTree.object([
                ("compatible", .bool(differences.isEmpty)),
                (
                    "differences",
                    .array(
                        differences.map {
                            .object([("path", .strings($0.path)), ("message", .string($0.message))])
                        })
                ),
            ])
            try StandardOutput.line(tree.text(.lines))
        } else if !differences.isEmpty {
            StandardError.line(
                "error: \(headline)\n" + differences.map { "  \($0)" }.joined(separator: "\n"))
        }
        if !differences.isEmpty { throw ExitCode.failure }
    }
}
