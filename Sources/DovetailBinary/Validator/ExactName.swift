// SPDX-License-Identifier: Apache-2.0

/// A name that equals another one only byte by byte; `String` equates what Unicode calls equivalent.
struct ExactName: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: ExactName, right: ExactName) -> Bool {
        left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // Ends the name: UTF-8 has no such byte.
        hasher.combine(UInt8.max)
    }
}

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
