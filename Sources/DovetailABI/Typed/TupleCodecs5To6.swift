// SPDX-License-Identifier: Apache-2.0

/// A tuple of five, see ``Tuple2Codec``.
public enum Tuple5Codec<
    A: ComponentCodec, B: ComponentCodec, C: ComponentCodec, D: ComponentCodec, E: ComponentCodec
>: ComponentCodec {
    /// A tuple.
    public typealias Value = (A.Value, B.Value, C.Value, D.Value, E.Value)

    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).adding(D.abi).adding(E.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape, D.shape, E.shape]) }

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
            index = 4
            try E.lower(value.4, &cx, into: &flat)
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
            index = 4
            fields = fields.adding(D.abi)
            try E.store(value.4, &cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
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
            index = 4
            let v4 = try E.lift(&cx, from: &flat)
            return (v0, v1, v2, v3, v4)
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
            index = 4
            fields = fields.adding(D.abi)
            let v4 = try E.load(&cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
            return (v0, v1, v2, v3, v4)
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple5Codec: HashableCodec
where A: HashableCodec, B: HashableCodec, C: HashableCodec, D: HashableCodec, E: HashableCodec {
    /// Compares value by value.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        A.areEqual(left.0, right.0)
            && B.areEqual(left.1, right.1)
            && C.areEqual(left.2, right.2)
            && D.areEqual(left.3, right.3)
            && E.areEqual(left.4, right.4)
    }

    /// Hashes each value.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        A.hash(value.0, into: &hasher)
        B.hash(value.1, into: &hasher)
        C.hash(value.2, into: &hasher)
        D.hash(value.3, into: &hasher)
        E.hash(value.4, into: &hasher)
    }
}

/// A tuple of six, see ``Tuple2Codec``.
public enum Tuple6Codec<
    A: ComponentCodec, B: ComponentCodec, C: ComponentCodec, D: ComponentCodec, E: ComponentCodec, F: ComponentCodec
>: ComponentCodec {
    /// A tuple.
    public typealias Value = (A.Value, B.Value, C.Value, D.Value, E.Value, F.Value)

    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).adding(D.abi).adding(E.abi).adding(F.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape, D.shape, E.shape, F.shape]) }

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
            index = 4
            try E.lower(value.4, &cx, into: &flat)
            index = 5
            try F.lower(value.5, &cx, into: &flat)
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
            index = 4
            fields = fields.adding(D.abi)
            try E.store(value.4, &cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
            index = 5
            fields = fields.adding(E.abi)
            try F.store(value.5, &cx, at: offset &+ fields.offset(of: F.abi, cx.is64))
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
            index = 4
            let v4 = try E.lift(&cx, from: &flat)
            index = 5
            let v5 = try F.lift(&cx, from: &flat)
            return (v0, v1, v2, v3, v4, v5)
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
            index = 4
            fields = fields.adding(D.abi)
            let v4 = try E.load(&cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
            index = 5
            fields = fields.adding(E.abi)
            let v5 = try F.load(&cx, at: offset &+ fields.offset(of: F.abi, cx.is64))
            return (v0, v1, v2, v3, v4, v5)
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple6Codec: HashableCodec
where
    A: HashableCodec, B: HashableCodec, C: HashableCodec, D: HashableCodec, E: HashableCodec,
    F: HashableCodec
{
    /// Compares value by value.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        A.areEqual(left.0, right.0)
            && B.areEqual(left.1, right.1)
            && C.areEqual(left.2, right.2)
            && D.areEqual(left.3, right.3)
            && E.areEqual(left.4, right.4)
            && F.areEqual(left.5, right.5)
    }

    /// Hashes each value.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        A.hash(value.0, into: &hasher)
        B.hash(value.1, into: &hasher)
        C.hash(value.2, into: &hasher)
        D.hash(value.3, into: &hasher)
        E.hash(value.4, into: &hasher)
        F.hash(value.5, into: &hasher)
    }
}
