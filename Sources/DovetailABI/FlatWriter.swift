// SPDX-License-Identifier: Apache-2.0

/// Writes core values into flat slots: 16 bytes each, the low 8 always written, zero-extended.
///
/// Because upper bits are always zero, the core types that a variant's cases share need no conversion.
@frozen
public struct FlatWriter {
    /// The next slot.
    public var position: UnsafeMutableRawPointer

    /// Makes a writer that starts at `base`.
    @inlinable
    public init(_ base: UnsafeMutableRawPointer) { position = base }

    /// Writes an `i64`.
    @inlinable
    public mutating func write(_ value: UInt64) {
        position.storeBytes(of: value, as: UInt64.self)
        position += FlatReader.stride
    }

    /// Writes an `i32`.
    @inlinable
    public mutating func write(_ value: UInt32) { write(UInt64(value)) }

    /// Writes an `f32`.
    @inlinable
    public mutating func write(_ value: Float) { write(UInt64(value.bitPattern)) }

    /// Writes an `f64`.
    @inlinable
    public mutating func write(_ value: Double) { write(value.bitPattern) }

    /// Writes `count` zero slots.
    @inlinable
    public mutating func zeros(_ count: Int) {
        var left = count
        while left > 0 {
            write(0 as UInt64)
            left &-= 1
        }
    }
}
