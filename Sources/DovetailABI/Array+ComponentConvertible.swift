// SPDX-License-Identifier: Apache-2.0

extension Array: ComponentTyped where Element: ComponentTyped {
    /// A pointer and a length.
    @inlinable public static var abi: StaticLayout { .list(of: Element.abi) }
    /// The type `list<…>`.
    @inlinable public static var shape: TypeShape { .list(Element.shape) }
}

extension Array: Lowerable where Element: Lowerable {
    /// Places the elements in a new block of the guest's memory. (CanonicalABI.md, `store_list_into_range`)
    @inlinable
    public func place(_ cx: inout CanonicalContext) throws(ABIError) -> UInt64 {
        let stride = Element.abi.size(cx.is64)
        let (size, overflow) = stride.multipliedReportingOverflow(by: count)
        guard !overflow, UInt64(size) <= CanonicalLimits.maxByteLength else {
            throw .listTooLong(count: UInt64(count), stride: stride)
        }
        let pointer = try cx.allocate(alignment: Element.abi.alignment(cx.is64), size: size)
        try Element.storeList(self, &cx, at: Int(truncatingIfNeeded: pointer))
        return pointer
    }

    /// Places the elements and writes pointer and length.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(try place(&cx))
        flat.write(UInt64(count))
    }

    /// Places the elements and writes pointer and length.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        // Memory may move while this runs: it must not be inside the write.
        let pointer = try place(&cx)
        cx.writePointer(pointer, at: offset)
        cx.writePointer(UInt64(count), at: offset &+ cx.pointerSize)
    }
}

extension Array: Liftable where Element: Liftable {
    @inlinable
    static func load(_ cx: inout CanonicalContext, pointer: UInt64, count: UInt64) throws(ABIError) -> [Element] {
        let offset = try cx.checkList(
            pointer, count: count, stride: Element.abi.size(cx.is64), alignment: Element.abi.alignment(cx.is64))
        return try Element.loadList(&cx, at: offset, count: Int(truncatingIfNeeded: count))
    }

    /// Reads pointer and length, then all elements after one check.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> [Element] {
        let pointer = flat.nextPointer(cx.is64)
        return try load(&cx, pointer: pointer, count: flat.nextPointer(cx.is64))
    }

    /// Reads pointer and length, then all elements after one check.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> [Element] {
        try load(&cx, pointer: cx.readPointer(offset), count: cx.readPointer(offset &+ cx.pointerSize))
    }
}
