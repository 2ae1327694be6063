// SPDX-License-Identifier: Apache-2.0

/// The fields of a message, or its trailers: an ordered list of names and values.
///
/// Names keep their spelling and compare without case; values are bytes. Every field in it is valid (RFC 9110, 5.1 and 5.5),
/// so that no value can become a second field, or a second message, where it is written.
public struct HTTPFields: Sendable {
    /// A field's name and value.
    public struct Field: Sendable {
        /// The name, as it was spelled.
        public let name: String
        /// The value, without whitespace at its ends.
        public let value: [UInt8]

        /// The value as text; what is not UTF-8 in it is replaced.
        public var text: String { String(decoding: value, as: UTF8.self) }
    }

    /// Where a field's name and value lie in ``bytes``.
    struct Entry: BitwiseCopyable {
        var name: UInt32
        var nameCount: UInt32
        var value: UInt32
        var valueCount: UInt32
    }

    /// All names and values, perhaps with others between them: one allocation, however many there are.
    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []

    /// Makes an empty list.
    public init() {}

    /// Makes a list of what a parser found in a message, which must be valid.
    init(valid bytes: [UInt8], _ entries: [Entry]) {
        self.bytes = bytes
        self.entries = entries
    }

    /// Makes a list.
    ///
    /// - Throws: ``HTTPError/invalidField(name:)`` when a name or value is not valid.
    public init(_ fields: [(name: String, value: String)]) throws(HTTPError) {
        for field in fields { try add(field.name, field.value) }
    }

    /// How many fields there are; several of one name count each.
    public var count: Int { entries.count }
    /// Whether there are none.
    public var isEmpty: Bool { entries.isEmpty }

    // MARK: - Reading

    /// The value of the first field of a name as text, where what is not UTF-8 is replaced.
    public subscript(_ name: String) -> String? {
        first(name).map { String(decoding: bytes(ofValue: entries[$0]), as: UTF8.self) }
    }

    /// The values of all fields of a name, in order.
    public func values(of name: String) -> [[UInt8]] {
        withLowercased(name) { name in
            entries.filter { matches($0, name) }.map { Array(bytes(ofValue: $0)) }
        }
    }

    /// Whether there is a field of a name.
    public func contains(_ name: String) -> Bool { first(name) != nil }

    /// Calls `body` with the name and value of each field, in order.
    package func forEach<Failure: Error>(
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        try withBytes { (all) throws(Failure) in
            for entry in entries { try body(Self.name(entry, in: all), Self.value(entry, in: all)) }
        }
    }

    // MARK: - Changing

    /// Adds a field behind the others.
    ///
    /// - Throws: ``HTTPError/invalidField(name:)`` when the name or value is not valid.
    public mutating func add(_ name: String, _ value: String) throws(HTTPError) {
        try add(name, Array(value.utf8))
    }

    /// Adds a field behind the others; whitespace at the ends of its value is left out.
    ///
    /// - Throws: ``HTTPError/invalidField(name:)`` when the name or value is not valid.
    public mutating func add(_ name: String, _ value: [UInt8]) throws(HTTPError) {
        var text = name
        let isAdded = text.withUTF8 { name in
            value.withUnsafeBytes { add(name: UnsafeRawBufferPointer(name), value: $0) }
        }
        guard isAdded else { throw .invalidField(name: name) }
    }

    /// Adds a field behind the others, unless its name or value is not valid or there would be too many bytes to count; whether it did.
    package mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Bool {
        let value = HTTPSyntax.trimmed(value)
        guard HTTPSyntax.isToken(name), HTTPSyntax.isFieldValue(value),
            bytes.count + name.count + value.count <= Int(UInt32.max)
        else { return false }
        entries.append(
            Entry(
                name: UInt32(bytes.count), nameCount: UInt32(name.count), value: UInt32(bytes.count + name.count),
                valueCount: UInt32(value.count)))
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
        return true
    }

    /// Gives a name one value, in the place of all it had.
    ///
    /// - Throws: ``HTTPError/invalidField(name:)`` when the name or value is not valid.
    public mutating func set(_ name: String, _ value: String) throws(HTTPError) { try set(name, [Array(value.utf8)]) }

    /// Gives a name these values, in the place of all it had.
    ///
    /// - Throws: ``HTTPError/invalidField(name:)`` when the name or a value is not valid; nothing is changed then.
    public mutating func set(_ name: String, _ values: [[UInt8]]) throws(HTTPError) {
        var changed = self
        changed.remove(name)
        for value in values { try changed.add(name, value) }
        guard !values.isEmpty || HTTPSyntax.isToken(name) else { throw .invalidField(name: name) }
        self = changed
    }

    /// Removes all fields of a name.
    public mutating func remove(_ name: String) {
        guard contains(name) else { return }
        var rest = HTTPFields()
        withLowercased(name) { removed in
            withBytes { all in
                for entry in entries where !matches(entry, removed) {
                    _ = rest.add(name: Self.name(entry, in: all), value: Self.value(entry, in: all))
                }
            }
        }
        self = rest
    }

    // MARK: - Bytes

    private func withBytes<Success, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try bytes.withUnsafeBufferPointer { (all) throws(Failure) in try body(UnsafeRawBufferPointer(all)) }
    }

    private static func name(_ entry: Entry, in all: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: all[Int(entry.name)..<Int(entry.name) + Int(entry.nameCount)])
    }

    private static func value(_ entry: Entry, in all: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: all[Int(entry.value)..<Int(entry.value) + Int(entry.valueCount)])
    }

    private func bytes(ofName entry: Entry) -> ArraySlice<UInt8> {
        bytes[Int(entry.name)..<Int(entry.name) + Int(entry.nameCount)]
    }

    private func bytes(ofValue entry: Entry) -> ArraySlice<UInt8> {
        bytes[Int(entry.value)..<Int(entry.value) + Int(entry.valueCount)]
    }

    private func withLowercased<Success>(_ name: String, _ body: (UnsafeBufferPointer<UInt8>) -> Success) -> Success {
        name.utf8.map(HTTPSyntax.lowercased).withUnsafeBufferPointer(body)
    }

    private func matches(_ entry: Entry, _ lowercased: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(entry.nameCount) == lowercased.count else { return false }
        return bytes.withUnsafeBufferPointer { all in
            for index in 0..<lowercased.count
            where HTTPSyntax.lowercased(all[Int(entry.name) + index]) != lowercased[index] { return false }
            return true
        }
    }

    private func first(_ name: String) -> Int? {
        withLowercased(name) { name in entries.firstIndex { matches($0, name) } }
    }
}

extension HTTPFields: Hashable {
    /// Whether both have the same fields in the same order, whatever the case of their names.
    public static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.count == right.count
            && zip(left.entries, right.entries).allSatisfy { one, other in
                left.bytes(ofValue: one) == right.bytes(ofValue: other)
                    && left.bytes(ofName: one).elementsEqual(right.bytes(ofName: other)) {
                        HTTPSyntax.lowercased($0) == HTTPSyntax.lowercased($1)
                    }
            }
    }

    /// Hashes what is compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for entry in entries {
            for byte in bytes(ofName: entry) { hasher.combine(HTTPSyntax.lowercased(byte)) }
            hasher.combine(bytes(ofValue: entry))
        }
    }
}

extension HTTPFields: RandomAccessCollection {
    /// The first field's index.
    public var startIndex: Int { 0 }
    /// The index behind the last field.
    public var endIndex: Int { entries.count }

    /// A field by its place.
    public subscript(position: Int) -> Field {
        Field(
            name: String(decoding: bytes(ofName: entries[position]), as: UTF8.self),
            value: Array(bytes(ofValue: entries[position])))
    }
}

extension HTTPFields: CustomStringConvertible {
    /// A line for each field, as HTTP/1.1 writes it.
    public var description: String { map { "\($0.name): \($0.text)" }.joined(separator: "\n") }
}
