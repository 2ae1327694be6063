// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport

/// Compares the names of a component's imports and exports with the data.
enum ExternComparison {
    /// Checks the component of `entry`.
    /// - Throws: ``CaseFailure`` with the names that differ.
    static func check(_ component: Component, _ entry: JSON) throws {
        try compare("imports", component.plan.imports.roots.map(\.name), entry["imports"])
        try compare("exports", component.plan.exports.names, entry["exports"])
    }

    private static func compare(_ what: String, _ found: [String], _ expected: JSON?) throws {
        guard let expected = expected?.object else { return }
        // Resources and other types at the root are listed by some tools and not by others.
        let missing = Set(expected.keys).subtracting(found).sorted()
        guard missing.isEmpty else {
            throw CaseFailure("\(what) lack \(missing.joined(separator: ", ")), found \(found.joined(separator: ", "))")
        }
    }
}
