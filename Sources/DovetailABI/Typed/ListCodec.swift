// SPDX-License-Identifier: Apache-2.0

/// The type `list<…>`.
public enum ListCodec<Element: ComponentCodec>: ComponentCodec {
    /// An array.
    public typealias Value = [Element.Value]

    /// A pointer and a length.
    @inlinable public static var abi: StaticLayout { .list(of: Element.abi) }
    /// The type `list<…>`.
    @inlinable public static var shape: TypeShape { .list(Element.shape) }

    /// Places the elements in a new block of the guest's memory. (CanonicalABI.md, `store_list_into_range`)
    @inlinable
    static func place(_ elements: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt64 {
        let stride = Element.abi.size(cx.is64)
        let (size, overflow) = stride.multipliedReportingOverflow(by: elements.count)
        guard !overflow, UInt64(size) <= CanonicalLimits.maxByteLength else {
            throw .listTooLong(count: UInt64(elements.count), stride: stride)
        }
        let pointer = try cx.allocate(alignment: Element.abi.alignment(cx.is64), size: size)
        try Element.storeList(elements, &cx, at: Int(truncatingIfNeeded: pointer))
        return pointer
    }

    /// Places the elements and writes pointer and length.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        flat.write(try place(value, &cx))
        flat.write(UInt64(value.count))
    }

    /// Places the elements and writes pointer and length.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        // Memory may move while this runs: it must not be inside the write.
        let pointer = try place(value, &cx)
        cx.writePointer(pointer, at: offset)
        cx.writePointer(UInt64(value.count), at: offset &+ cx.pointerSize)
    }

    @inlinable
    static func load(_ cx: inout CanonicalContext, pointer: UInt64, count: UInt64) throws(ABIError) -> Value {
        let offset = try cx.checkList(
            pointer, count: count, stride: Element.abi.size(cx.is64), alignment: Element.abi.alignment(cx.is64))
        return try Element.loadList(&cx, at: offset, count: Int(truncatingIfNeeded: count))
    }

    /// Reads pointer and length, then all elements after one check.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        let pointer = flat.nextPointer(cx.is64)
        return try load(&cx, pointer: pointer, count: flat.nextPointer(cx.is64))
    }

    /// Reads pointer and length, then all elements after one check.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        try load(&cx, pointer: cx.readPointer(offset), count: cx.readPointer(offset &+ cx.pointerSize))
    }
}

extension ListCodec: HashableCodec where Element: HashableCodec {
    /// Compares element by element.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        left.elementsEqual(right, by: Element.areEqual)
    }

    /// Hashes the number of elements and each of them.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        hasher.combine(value.count)
        for element in value { Element.hash(element, into: &hasher) }
    }
}

/// The type `list<u8>` as the parameter of a function that is not `async`: the bytes where they lie in the guest's memory, lent for the call.
/// They must not be used once the guest has run.
public enum LentBytesCodec: ComponentCodec {
    /// The bytes.
    public typealias Value = UnsafeRawBufferPointer

    /// A pointer and a length.
    @inlinable public static var abi: StaticLayout { ListCodec<IntegerCodec<UInt8>>.abi }
    /// The type `list<u8>`.
    @inlinable public static var shape: TypeShape { ListCodec<IntegerCodec<UInt8>>.shape }

    @inlinable
    static func load(_ cx: inout CanonicalContext, pointer: UInt64, count: UInt64) throws(ABIError) -> Value {
        let offset = try cx.checkList(pointer, count: count, stride: 1, alignment: 1)
        return Value(start: cx.memory.base + offset, count: Int(truncatingIfNeeded: count))
    }

    /// Reads pointer and length, and checks that the bytes are there.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        let pointer = flat.nextPointer(cx.is64)
        return try load(&cx, pointer: pointer, count: flat.nextPointer(cx.is64))
    }

    /// Reads pointer and length, and checks that the bytes are there.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        try load(&cx, pointer: cx.readPointer(offset), count: cx.readPointer(offset &+ cx.pointerSize))
    }

    /// Copies the bytes into a new block of the guest's memory.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        try ListCodec<IntegerCodec<UInt8>>.lower(Array(value), &cx, into: &flat)
    }

    /// Copies the bytes into a new block of the guest's memory.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try ListCodec<IntegerCodec<UInt8>>.store(Array(value), &cx, at: offset)
    }
}
