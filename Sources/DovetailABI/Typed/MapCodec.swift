// SPDX-License-Identifier: Apache-2.0

/// The type `map<…>`: a list of pairs.
public enum MapCodec<Key: ComponentCodec, Item: ComponentCodec>: ComponentCodec where Key.Value: Hashable {
    /// A dictionary.
    public typealias Value = [Key.Value: Item.Value]
    @usableFromInline typealias Pairs = ListCodec<Tuple2Codec<Key, Item>>

    /// A pointer and a length.
    @inlinable public static var abi: StaticLayout { Pairs.abi }
    /// The type `map<…>`.
    @inlinable public static var shape: TypeShape { .map(key: Key.shape, value: Item.shape) }

    /// Places the entries, in no order, and writes pointer and length.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        try Pairs.lower(value.map { ($0.key, $0.value) }, &cx, into: &flat)
    }

    /// Places the entries, in no order, and writes pointer and length.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try Pairs.store(value.map { ($0.key, $0.value) }, &cx, at: offset)
    }

    /// Reads the entries; the last one with a key counts.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        Value(try Pairs.lift(&cx, from: &flat)) { $1 }
    }

    /// Reads the entries; the last one with a key counts.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        Value(try Pairs.load(&cx, at: offset)) { $1 }
    }
}

extension MapCodec: HashableCodec where Item: HashableCodec {
    /// Compares key by key.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        left.count == right.count
            && left.allSatisfy { key, item in right[key].map { Item.areEqual(item, $0) } ?? false }
    }

    /// Hashes the entries, in whatever order they are.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        var sum = 0
        for (key, item) in value {
            var entry = hasher
            key.hash(into: &entry)
            Item.hash(item, into: &entry)
            sum ^= entry.finalize()
        }
        hasher.combine(sum)
    }
}
