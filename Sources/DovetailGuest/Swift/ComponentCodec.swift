// SPDX-License-Identifier: Apache-2.0

/// How the values of one WIT type lie in memory and in core values. (CanonicalABI.md, "Loading", "Storing", "Lifting", "Lowering")
///
/// Reading takes over the memory that a value refers to; writing puts such memory into an arena.
public protocol ComponentCodec {
    /// The Swift type.
    associatedtype Value
    /// What a value takes up.
    static var abi: StaticLayout { get }
    /// Reads a value out of memory.
    static func load(_ place: UnsafeRawPointer) -> Value
    /// Writes a value into memory.
    static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena)
    /// Reads a value out of core values.
    static func lift(_ flat: inout FlatReader) -> Value
    /// Writes a value as core values.
    static func lower(_ value: Value, _ flat: inout FlatWriter, _ arena: inout Arena)
}

/// What the values of one type take up.
public struct StaticLayout {
    /// The size in memory.
    public var size: Int
    /// The alignment in memory.
    public var alignment: Int
    /// How many core values there are.
    public var flatCount: Int
    /// Whether an array of values is laid out in Swift as the list is in memory.
    public var isPlain: Bool

    /// Makes a layout.
    @inline(__always)
    public init(size: Int, alignment: Int, flatCount: Int, isPlain: Bool = false) {
        self.size = size
        self.alignment = alignment
        self.flatCount = flatCount
        self.isPlain = isPlain
    }

    /// The layout of an option or result whose payloads are the larger of two.
    @inline(__always)
    static func variant(_ first: StaticLayout, _ second: StaticLayout) -> StaticLayout {
        let alignment = max(first.alignment, second.alignment)
        return StaticLayout(
            size: (alignment &+ max(first.size, second.size) &+ alignment &- 1) & (0 &- alignment),
            alignment: alignment, flatCount: 1 &+ max(first.flatCount, second.flatCount))
    }
}

/// A codec whose values are one core value each.
public protocol CoreCodec: ComponentCodec {
    /// The core type.
    associatedtype Core: BitwiseCopyable
    /// The core value of a value.
    static func core(_ value: Value) -> Core
    /// The value of a core value.
    static func value(_ core: Core) -> Value
}

extension CoreCodec {
    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> Value { value(flat.next(Core.self)) }
    /// Writes a value as core values.
    public static func lower(_ value: Value, _ flat: inout FlatWriter, _ arena: inout Arena) {
        flat.write(core(value))
    }
}

/// Reads core values that lie in memory, eight bytes each, whatever their types: what a variant's cases share is bits.
public struct FlatReader {
    private var place: UnsafeRawPointer

    /// Reads from `place` on.
    @inline(__always)
    public init(_ place: UnsafeMutableRawPointer) { self.place = UnsafeRawPointer(place) }

    /// The next value.
    @inline(__always)
    public mutating func next<T: BitwiseCopyable>(_ type: T.Type = T.self) -> T {
        let value = place.load(as: T.self)
        place += 8
        return value
    }

    /// Passes over what a case does not have.
    @inline(__always)
    public mutating func skip(_ count: Int) { place += 8 &* count }
}

/// Writes core values into memory, eight bytes each.
public struct FlatWriter {
    private var place: UnsafeMutableRawPointer

    /// Writes from `place` on.
    @inline(__always)
    public init(_ place: UnsafeMutableRawPointer) { self.place = place }

    /// Writes a value, with zeros behind it.
    @inline(__always)
    public mutating func write<T: BitwiseCopyable>(_ value: T) {
        if MemoryLayout<T>.size < 8 { place.storeBytes(of: 0, as: UInt64.self) }
        place.storeBytes(of: value, as: T.self)
        place += 8
    }

    /// Fills up what a case does not have.
    @inline(__always)
    public mutating func zeros(_ count: Int) {
        for _ in 0..<count { write(0 as UInt64) }
    }
}
