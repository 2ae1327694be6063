// SPDX-License-Identifier: Apache-2.0

/// Numbers and truth values: each lies in memory as Swift has it.
public protocol Scalar: BitwiseCopyable {
    /// The core type.
    associatedtype Core: BitwiseCopyable
    /// The value as a core value.
    var core: Core { get }
    /// The value of a core value.
    init(core: Core)
}

/// The codec of numbers, `bool` and `char`.
public enum ScalarCodec<Value: Scalar>: CoreCodec {
    /// The core type.
    public typealias Core = Value.Core

    /// What a value takes up.
    public static var abi: StaticLayout {
        StaticLayout(
            size: MemoryLayout<Value>.size, alignment: MemoryLayout<Value>.alignment, flatCount: 1, isPlain: true)
    }

    /// The core value of a value.
    @inline(__always)
    public static func core(_ value: Value) -> Core { value.core }
    /// The value of a core value.
    @inline(__always)
    public static func value(_ core: Core) -> Value { Value(core: core) }
    /// Reads a value out of memory.
    @inline(__always)
    public static func load(_ place: UnsafeRawPointer) -> Value { place.load(as: Value.self) }
    /// Writes a value into memory.
    @inline(__always)
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: value, as: Value.self)
    }
}

/// Integers of up to 32 bits.
public protocol NarrowInteger: Scalar, FixedWidthInteger where Core == Int32 {}

extension NarrowInteger {
    /// The core value of a value.
    @inline(__always) public var core: Int32 { Int32(truncatingIfNeeded: self) }
    /// The value of a core value.
    @inline(__always) public init(core: Int32) { self.init(truncatingIfNeeded: core) }
}

extension Int8: NarrowInteger {
    /// How values cross.
    public typealias Codec = ScalarCodec<Int8>
}
extension UInt8: NarrowInteger {
    /// How values cross.
    public typealias Codec = ScalarCodec<UInt8>
}
extension Int16: NarrowInteger {
    /// How values cross.
    public typealias Codec = ScalarCodec<Int16>
}
extension UInt16: NarrowInteger {
    /// How values cross.
    public typealias Codec = ScalarCodec<UInt16>
}
extension Int32: NarrowInteger {
    /// How values cross.
    public typealias Codec = ScalarCodec<Int32>
}
extension UInt32: NarrowInteger {
    /// How values cross.
    public typealias Codec = ScalarCodec<UInt32>
}

extension Int64: Scalar {
    /// How values cross.
    public typealias Codec = ScalarCodec<Int64>
    /// The core value of a value.
    @inline(__always) public var core: Int64 { self }
    /// The value of a core value.
    @inline(__always) public init(core: Int64) { self = core }
}

extension UInt64: Scalar {
    /// How values cross.
    public typealias Codec = ScalarCodec<UInt64>
    /// The core value of a value.
    @inline(__always) public var core: Int64 { Int64(bitPattern: self) }
    /// The value of a core value.
    @inline(__always) public init(core: Int64) { self.init(bitPattern: core) }
}

extension Float: Scalar {
    /// How values cross.
    public typealias Codec = ScalarCodec<Float>
    /// The core value of a value.
    @inline(__always) public var core: Float { self }
    /// The value of a core value.
    @inline(__always) public init(core: Float) { self = core }
}

extension Double: Scalar {
    /// How values cross.
    public typealias Codec = ScalarCodec<Double>
    /// The core value of a value.
    @inline(__always) public var core: Double { self }
    /// The value of a core value.
    @inline(__always) public init(core: Double) { self = core }
}

extension Bool: Scalar {
    /// How values cross.
    public typealias Codec = ScalarCodec<Bool>
    /// The core value of a value.
    @inline(__always) public var core: Int32 { self ? 1 : 0 }
    /// The value of a core value.
    @inline(__always) public init(core: Int32) { self = core != 0 }
}

extension Unicode.Scalar: Scalar {
    /// How values cross.
    public typealias Codec = ScalarCodec<Unicode.Scalar>
    /// The core value of a value.
    @inline(__always) public var core: Int32 { Int32(bitPattern: value) }
    /// The value of a core value.
    // Only Unicode scalar values come in.
    /// The value of a core value.
    @inline(__always) public init(core: Int32) { self = unsafeBitCast(core, to: Unicode.Scalar.self) }
}
