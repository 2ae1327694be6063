// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Values under unique names, in the order in which they were added.
struct NamedList<Value: Sendable>: Sendable {
    private(set) var entries: [(name: String, value: Value)] = []
    private var positions: [ExactName: Int] = [:]

    var count: Int { entries.count }

    subscript(name: String) -> Value? {
        positions[ExactName(name)].map { entries[$0].value }
    }

    /// Adds `value`; says `false` and adds nothing when the name is taken.
    mutating func add(_ name: String, _ value: Value) -> Bool {
        let key = ExactName(name)
        guard positions[key] == nil else { return false }
        positions[key] = entries.count
        entries.append((name, value))
        return true
    }

    /// The same names with other values.
    func mapValues<Other: Sendable>(_ transform: (Value) throws(BinaryError) -> Other) throws(BinaryError) -> NamedList<
        Other
    > {
        var result = NamedList<Other>()
        for entry in entries { _ = result.add(entry.name, try transform(entry.value)) }
        return result
    }
}
