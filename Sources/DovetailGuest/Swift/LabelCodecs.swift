// SPDX-License-Identifier: Apache-2.0

/// The codec of an enum.
public enum EnumCodec<Value: RawRepresentable>: CoreCodec where Value.RawValue: NarrowInteger {
    /// What a value takes up.
    public static var abi: StaticLayout {
        StaticLayout(
            size: MemoryLayout<Value.RawValue>.size, alignment: MemoryLayout<Value.RawValue>.alignment, flatCount: 1)
    }

    /// The core value of a value.
    @inline(__always)
    public static func core(_ value: Value) -> Int32 { value.rawValue.core }
    /// The value of a core value.
    // Only positions of cases come in.
    /// The value of a core value.
    @inline(__always)
    public static func value(_ core: Int32) -> Value { Value(rawValue: Value.RawValue(core: core)).unsafelyUnwrapped }
    /// Reads a value out of memory.
    @inline(__always)
    public static func load(_ place: UnsafeRawPointer) -> Value {
        Value(rawValue: place.load(as: Value.RawValue.self)).unsafelyUnwrapped
    }
    /// Writes a value into memory.
    @inline(__always)
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: value.rawValue, as: Value.RawValue.self)
    }
}

/// The codec of flags.
public enum FlagsCodec<Value: OptionSet>: CoreCodec where Value.RawValue: NarrowInteger {
    /// What a value takes up.
    public static var abi: StaticLayout {
        StaticLayout(
            size: MemoryLayout<Value.RawValue>.size, alignment: MemoryLayout<Value.RawValue>.alignment, flatCount: 1)
    }

    /// The core value of a value.
    @inline(__always)
    public static func core(_ value: Value) -> Int32 { value.rawValue.core }
    /// The value of a core value.
    @inline(__always)
    public static func value(_ core: Int32) -> Value { Value(rawValue: Value.RawValue(core: core)) }
    /// Reads a value out of memory.
    @inline(__always)
    public static func load(_ place: UnsafeRawPointer) -> Value { Value(rawValue: place.load(as: Value.RawValue.self)) }
    /// Writes a value into memory.
    @inline(__always)
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: value.rawValue, as: Value.RawValue.self)
    }
}
