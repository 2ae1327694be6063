// SPDX-License-Identifier: Apache-2.0

extension Dictionary: ComponentTyped where Key: ComponentTyped, Value: ComponentTyped {
    /// A pointer and a length.
    @inlinable public static var abi: StaticLayout { .pointerAndLength }
    /// The type `map<…>`.
    @inlinable public static var shape: TypeShape { .map(key: Key.shape, value: Value.shape) }
}

extension Dictionary: Lowerable where Key: Lowerable, Value: Lowerable {
    @inlinable var pairs: [Tuple2<Key, Value>] { map { Tuple2($0.key, $0.value) } }

    /// Places the entries, in no order, and writes pointer and length.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        try pairs.lower(&cx, into: &flat)
    }

    /// Places the entries, in no order, and writes pointer and length.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try pairs.store(&cx, at: offset)
    }
}

extension Dictionary: Liftable where Key: Liftable, Value: Liftable {
    @inlinable
    init(pairs: [Tuple2<Key, Value>]) {
        self.init(minimumCapacity: pairs.count)
        for pair in pairs { self[pair.v0] = pair.v1 }
    }

    /// Reads the entries; the last one with a key counts.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        Self(pairs: try [Tuple2<Key, Value>].lift(&cx, from: &flat))
    }

    /// Reads the entries; the last one with a key counts.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        Self(pairs: try [Tuple2<Key, Value>].load(&cx, at: offset))
    }
}
