// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// Size, alignment and number of flat core values of a type known at compile time; after inlining all of it is constant.
///
/// Both pointer widths are kept. Generated code builds layouts from those of the parts with
/// ``adding(_:)``, ``union(_:)`` and ``variant(_:payload:)``. (CanonicalABI.md, "Alignment", "Element Size", "Flattening")
@frozen
public struct StaticLayout: Sendable {
    /// The size in bytes in a 32-bit memory.
    public let size: Int
    /// The alignment in bytes in a 32-bit memory.
    public let alignment: Int
    /// The size in bytes in a 64-bit memory.
    public let size64: Int
    /// The alignment in bytes in a 64-bit memory.
    public let alignment64: Int
    /// The number of core values.
    public let flatCount: Int
    /// Whether values refer to memory (strings, lists): calls without need not look at it.
    public let usesMemory: Bool
    /// Whether values have handles in them: calls without need no account of borrows.
    public var usesHandles: Bool

    /// Makes a layout.
    @inlinable @inline(__always)
    public init(
        size: Int, alignment: Int, size64: Int, alignment64: Int, flatCount: Int, usesMemory: Bool = false,
        usesHandles: Bool = false
    ) {
        self.size = size
        self.alignment = alignment
        self.size64 = size64
        self.alignment64 = alignment64
        self.flatCount = flatCount
        self.usesMemory = usesMemory
        self.usesHandles = usesHandles
    }

    /// A scalar of `size` bytes.
    @inlinable @inline(__always)
    public static func scalar(_ size: Int) -> StaticLayout {
        StaticLayout(size: size, alignment: size, size64: size, alignment64: size, flatCount: 1)
    }

    /// A handle: an index into the table of the instance.
    @inlinable @inline(__always) public static var handle: StaticLayout {
        StaticLayout(size: 4, alignment: 4, size64: 4, alignment64: 4, flatCount: 1, usesHandles: true)
    }

    /// A pointer and a length; what a list holds is in ``list(of:)``.
    @inlinable @inline(__always) public static var pointerAndLength: StaticLayout {
        StaticLayout(size: 8, alignment: 4, size64: 16, alignment64: 8, flatCount: 2, usesMemory: true)
    }

    /// A list of elements of a layout.
    @inlinable @inline(__always)
    public static func list(of element: StaticLayout) -> StaticLayout {
        var layout = pointerAndLength
        layout.usesHandles = element.usesHandles
        return layout
    }

    /// No value at all: the payload of a case that has none, the start of a record.
    @inlinable @inline(__always) public static var empty: StaticLayout {
        StaticLayout(size: 0, alignment: 1, size64: 0, alignment64: 1, flatCount: 0)
    }

    /// The size for the width of memory.
    @inlinable @inline(__always)
    public func size(_ is64: Bool) -> Int { is64 ? size64 : size }

    /// The alignment for the width of memory.
    @inlinable @inline(__always)
    public func alignment(_ is64: Bool) -> Int { is64 ? alignment64 : alignment }

    /// `offset` rounded up to a multiple of `alignment`, a power of two.
    @inlinable @inline(__always)
    public static func align(_ offset: Int, to alignment: Int) -> Int { CanonicalLayout.align(offset, to: alignment) }

    /// Where the next field of a record lies, if `self` is the record so far (not yet ``padded``).
    @inlinable @inline(__always)
    public func offset(of next: StaticLayout, _ is64: Bool) -> Int {
        is64 ? Self.align(size64, to: next.alignment64) : Self.align(size, to: next.alignment)
    }

    /// A record's fields so far and one more, without padding at the end.
    @inlinable @inline(__always)
    public func adding(_ next: StaticLayout) -> StaticLayout {
        StaticLayout(
            size: offset(of: next, false) &+ next.size, alignment: max(alignment, next.alignment),
            size64: offset(of: next, true) &+ next.size64, alignment64: max(alignment64, next.alignment64),
            flatCount: flatCount &+ next.flatCount, usesMemory: usesMemory || next.usesMemory,
            usesHandles: usesHandles || next.usesHandles)
    }

    /// The layout rounded up to its alignment: a finished record.
    @inlinable @inline(__always) public var padded: StaticLayout {
        StaticLayout(
            size: Self.align(size, to: alignment), alignment: alignment, size64: Self.align(size64, to: alignment64),
            alignment64: alignment64, flatCount: flatCount, usesMemory: usesMemory, usesHandles: usesHandles)
    }

    /// What holds either of two payloads.
    @inlinable @inline(__always)
    public func union(_ other: StaticLayout) -> StaticLayout {
        StaticLayout(
            size: max(size, other.size), alignment: max(alignment, other.alignment), size64: max(size64, other.size64),
            alignment64: max(alignment64, other.alignment64), flatCount: max(flatCount, other.flatCount),
            usesMemory: usesMemory || other.usesMemory, usesHandles: usesHandles || other.usesHandles)
    }

    /// The size of the discriminant of a variant with `count` cases: 1, 2 or 4.
    @inlinable @inline(__always)
    public static func discriminantSize(_ count: Int) -> Int { CanonicalLayout.discriminantSize(count) }

    /// A variant with `count` cases whose payloads fit into `payload`.
    @inlinable @inline(__always)
    public static func variant(_ count: Int, payload: StaticLayout) -> StaticLayout {
        scalar(discriminantSize(count)).adding(payload).padded
    }

    /// Where the payload of a variant with `count` cases lies.
    @inlinable @inline(__always)
    public static func payloadOffset(_ count: Int, payload: StaticLayout, _ is64: Bool) -> Int {
        scalar(discriminantSize(count)).offset(of: payload, is64)
    }

    /// The size of a flags type with `count` labels: 1, 2 or 4.
    @inlinable @inline(__always)
    public static func flagsSize(_ count: Int) -> Int { CanonicalLayout.flagsSize(count) }

    /// The bits that a flags type with `count` labels uses.
    @inlinable @inline(__always)
    public static func flagsMask(_ count: Int) -> UInt32 { count >= 32 ? .max : (1 << UInt32(max(0, count))) &- 1 }

    /// `count` of the same in a row.
    @inlinable @inline(__always)
    public func repeated(_ count: Int) -> StaticLayout {
        StaticLayout(
            size: size &* count, alignment: alignment, size64: size64 &* count, alignment64: alignment64,
            flatCount: flatCount &* count, usesMemory: usesMemory, usesHandles: usesHandles)
    }
}
