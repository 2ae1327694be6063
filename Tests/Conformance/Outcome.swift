// SPDX-License-Identifier: Apache-2.0

/// The outcome of one unit: a command of a script, or a case.
enum Outcome: Hashable, Sendable, Codable {
    case passed
    case failed(String)
    case skipped(String)
}

/// A case of a suite and its units, which are what is counted.
struct CaseReference: Sendable {
    /// Unique in the suite.
    var identifier: String
    /// A label for each unit: those of a script's commands, otherwise one empty label.
    var units: [String]
}

/// The outcome of one unit.
struct UnitOutcome: Sendable {
    /// The case's identifier.
    var identifier: String
    /// The unit's label, empty when the case is the unit.
    var label: String
    /// Its outcome.
    var outcome: Outcome
}

/// Thrown inside a case: it cannot run here, for this reason.
struct CaseSkipped: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }

    /// Until the host reads and writes streams.
    static let needsStreams = CaseSkipped("needs streams and futures of the host")
}
