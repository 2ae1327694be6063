// SPDX-License-Identifier: Apache-2.0

/// A tuple of two: `tuple<…>`, or the parameters of a function.
public enum Tuple2Codec<A: ComponentCodec, B: ComponentCodec>: ComponentCodec {
    /// A tuple.
    public typealias Value = (A.Value, B.Value)

    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape]) }

    /// Writes the values one behind the other.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try A.lower(value.0, &cx, into: &flat)
            index = 1
            try B.lower(value.1, &cx, into: &flat)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Writes the values at their offsets.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try A.store(value.0, &cx, at: offset)
            index = 1
            let fields = A.abi
            try B.store(value.1, &cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values one behind the other.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.lift(&cx, from: &flat)
            index = 1
            let v1 = try B.lift(&cx, from: &flat)
            return (v0, v1)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values at their offsets.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.load(&cx, at: offset)
            index = 1
            let fields = A.abi
            let v1 = try B.load(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            return (v0, v1)
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple2Codec: HashableCodec where A: HashableCodec, B: HashableCodec {
    /// Compares value by value.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        A.areEqual(left.0, right.0) && B.areEqual(left.1, right.1)
    }

    /// Hashes each value.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        A.hash(value.0, into: &hasher)
        B.hash(value.1, into: &hasher)
    }
}

/// A tuple of three, see ``Tuple2Codec``.
public enum Tuple3Codec<A: ComponentCodec, B: ComponentCodec, C: ComponentCodec>: ComponentCodec {
    /// A tuple.
    public typealias Value = (A.Value, B.Value, C.Value)

    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape]) }

    /// Writes the values one behind the other.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try A.lower(value.0, &cx, into: &flat)
            index = 1
            try B.lower(value.1, &cx, into: &flat)
            index = 2
            try C.lower(value.2, &cx, into: &flat)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Writes the values at their offsets.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try A.store(value.0, &cx, at: offset)
            index = 1
            var fields = A.abi
            try B.store(value.1, &cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            index = 2
            fields = fields.adding(B.abi)
            try C.store(value.2, &cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values one behind the other.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.lift(&cx, from: &flat)
            index = 1
            let v1 = try B.lift(&cx, from: &flat)
            index = 2
            let v2 = try C.lift(&cx, from: &flat)
            return (v0, v1, v2)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values at their offsets.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.load(&cx, at: offset)
            index = 1
            var fields = A.abi
            let v1 = try B.load(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            index = 2
            fields = fields.adding(B.abi)
            let v2 = try C.load(&cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
            return (v0, v1, v2)
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple3Codec: HashableCodec where A: HashableCodec, B: HashableCodec, C: HashableCodec {
    /// Compares value by value.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        A.areEqual(left.0, right.0)
            && B.areEqual(left.1, right.1)
            && C.areEqual(left.2, right.2)
    }

    /// Hashes each value.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        A.hash(value.0, into: &hasher)
        B.hash(value.1, into: &hasher)
        C.hash(value.2, into: &hasher)
    }
}

/// A tuple of four, see ``Tuple2Codec``.
public enum Tuple4Codec<A: ComponentCodec, B: ComponentCodec, C: ComponentCodec, D: ComponentCodec>: ComponentCodec {
    /// A tuple.
    public typealias Value = (A.Value, B.Value, C.Value, D.Value)

    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).adding(D.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape, D.shape]) }

    /// Writes the values one behind the other.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try A.lower(value.0, &cx, into: &flat)
            index = 1
            try B.lower(value.1, &cx, into: &flat)
            index = 2
            try C.lower(value.2, &cx, into: &flat)
            index = 3
            try D.lower(value.3, &cx, into: &flat)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Writes the values at their offsets.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try A.store(value.0, &cx, at: offset)
            index = 1
            var fields = A.abi
            try B.store(value.1, &cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            index = 2
            fields = fields.adding(B.abi)
            try C.store(value.2, &cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
            index = 3
            fields = fields.adding(C.abi)
            try D.store(value.3, &cx, at: offset &+ fields.offset(of: D.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values one behind the other.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.lift(&cx, from: &flat)
            index = 1
            let v1 = try B.lift(&cx, from: &flat)
            index = 2
            let v2 = try C.lift(&cx, from: &flat)
            index = 3
            let v3 = try D.lift(&cx, from: &flat)
            return (v0, v1, v2, v3)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values at their offsets.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.load(&cx, at: offset)
            index = 1
            var fields = A.abi
            let v1 = try B.load(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            index = 2
            fields = fields.adding(B.abi)
            let v2 = try C.load(&cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
            index = 3
            fields = fields.adding(C.abi)
            let v3 = try D.load(&cx, at: offset &+ fields.offset(of: D.abi, cx.is64))
            return (v0, v1, v2, v3)
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple4Codec: HashableCodec where A: HashableCodec, B: HashableCodec, C: HashableCodec, D: HashableCodec {
    /// Compares value by value.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        A.areEqual(left.0, right.0)
            && B.areEqual(left.1, right.1)
            && C.areEqual(left.2, right.2)
            && D.areEqual(left.3, right.3)
    }

    /// Hashes each value.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        A.hash(value.0, into: &hasher)
        B.hash(value.1, into: &hasher)
        C.hash(value.2, into: &hasher)
        D.hash(value.3, into: &hasher)
    }
}
