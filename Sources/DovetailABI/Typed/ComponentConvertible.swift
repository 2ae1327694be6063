// SPDX-License-Identifier: Apache-2.0

// Which codec the values of Swift's own types cross by.

extension Bool: ComponentConvertible {
    /// As `bool`.
    public typealias Codec = BoolCodec
}

extension Int8: ComponentConvertible {
    /// As `s8`.
    public typealias Codec = IntegerCodec<Int8>
}

extension UInt8: ComponentConvertible {
    /// As `u8`.
    public typealias Codec = IntegerCodec<UInt8>
}

extension Int16: ComponentConvertible {
    /// As `s16`.
    public typealias Codec = IntegerCodec<Int16>
}

extension UInt16: ComponentConvertible {
    /// As `u16`.
    public typealias Codec = IntegerCodec<UInt16>
}

extension Int32: ComponentConvertible {
    /// As `s32`.
    public typealias Codec = IntegerCodec<Int32>
}

extension UInt32: ComponentConvertible {
    /// As `u32`.
    public typealias Codec = IntegerCodec<UInt32>
}

extension Int64: ComponentConvertible {
    /// As `s64`.
    public typealias Codec = IntegerCodec<Int64>
}

extension UInt64: ComponentConvertible {
    /// As `u64`.
    public typealias Codec = IntegerCodec<UInt64>
}

extension Float: ComponentConvertible {
    /// As `f32`.
    public typealias Codec = FloatCodec
}

extension Double: ComponentConvertible {
    /// As `f64`.
    public typealias Codec = DoubleCodec
}

extension Unicode.Scalar: ComponentConvertible {
    /// As `char`.
    public typealias Codec = CharacterCodec
}

extension String: ComponentConvertible {
    /// As `string`.
    public typealias Codec = StringCodec
}

extension Array: ComponentConvertible where Element: ComponentConvertible {
    /// As `list<…>`.
    public typealias Codec = ListCodec<Element.Codec>
}

extension Dictionary: ComponentConvertible where Key: ComponentConvertible, Value: ComponentConvertible {
    /// As `map<…>`.
    public typealias Codec = MapCodec<Key.Codec, Value.Codec>
}

extension Optional: ComponentConvertible where Wrapped: ComponentConvertible {
    /// As `option<…>`.
    public typealias Codec = OptionCodec<Wrapped.Codec>
}

extension Result: ComponentConvertible where Success: ComponentConvertible, Failure: ComponentConvertible {
    /// As `result<…>`.
    public typealias Codec = ResultCodec<Success.Codec, Failure.Codec>
}
