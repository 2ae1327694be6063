// SPDX-License-Identifier: Apache-2.0

/// Reads core values from flat slots: 16 bytes each, the value in the low bytes, little endian.
///
/// The caller vouches for as many slots as the function type has core values.
@frozen
public struct FlatReader {
    /// The next slot.
    public var position: UnsafeRawPointer

    /// The size of a slot in bytes.
    @inlinable public static var stride: Int { 16 }

    /// Makes a reader that starts at `base`.
    @inlinable
    public init(_ base: UnsafeRawPointer) { position = base }

    /// Reads an `i32`, or the low half of a wider slot.
    @inlinable
    public mutating func nextU32() -> UInt32 {
        defer { position += Self.stride }
        return position.loadUnaligned(as: UInt32.self)
    }

    /// Reads an `i64`.
    @inlinable
    public mutating func nextU64() -> UInt64 {
        defer { position += Self.stride }
        return position.loadUnaligned(as: UInt64.self)
    }

    /// Reads a pointer or length of the memory's width.
    @inlinable
    public mutating func nextPointer(_ is64: Bool) -> UInt64 { is64 ? nextU64() : UInt64(nextU32()) }

    /// Passes over `count` slots.
    @inlinable
    public mutating func skip(_ count: Int) { position += count &* Self.stride }
}
