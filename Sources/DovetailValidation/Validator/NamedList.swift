// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
package import DovetailTypes

/// Values under unique names, in the order in which they were added.
package struct NamedList<Value: Sendable>: Sendable {
    /// A value, its name and, where there are any, the name's attributes.
    package struct Entry: Sendable {
        package var name: String
        package var value: Value
        fileprivate var attributes: ExternName?

        /// The name with its attributes.
        package var externName: ExternName { attributes ?? ExternName(name: name) }
    }

    package private(set) var entries: [Entry] = []
    private var positions: [ExactName: Int] = [:]

    package var count: Int { entries.count }

    package subscript(name: String) -> Value? {
        positions[ExactName(name)].map { entries[$0].value }
    }

    /// Adds `value`; says `false` and adds nothing when the name is taken.
    mutating func add(_ name: String, _ value: Value) -> Bool { add(name, value, attributes: nil) }

    /// Adds `value` under a name with attributes.
    mutating func add(_ name: ExternName, _ value: Value) -> Bool {
        let isPlain = name.implements == nil && name.versionSuffix == nil && name.externalID == nil
        return add(name.name, value, attributes: isPlain ? nil : name)
    }

    private mutating func add(_ name: String, _ value: Value, attributes: ExternName?) -> Bool {
        let key = ExactName(name)
        guard positions[key] == nil else { return false }
        positions[key] = entries.count
        entries.append(Entry(name: name, value: value, attributes: attributes))
        return true
    }

    /// The same names with other values.
    func mapValues<Other: Sendable, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> NamedList<Other> {
        var result = NamedList<Other>()
        result.positions = positions
        result.entries.reserveCapacity(entries.count)
        for entry in entries {
            result.entries.append(
                .init(name: entry.name, value: try transform(entry.value), attributes: entry.attributes))
        }
        return result
    }
}
