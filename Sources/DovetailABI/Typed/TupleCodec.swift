// SPDX-License-Identifier: Apache-2.0

/// A tuple of one: `tuple<…>`; Swift has no such tuples, so its value is the only part.
public enum Tuple1Codec<A: ComponentCodec>: ComponentCodec {
    /// The only part.
    public typealias Value = A.Value

    /// The layout of the part.
    @inlinable public static var abi: StaticLayout { A.abi }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape]) }

    /// Writes the part.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        do throws(ABIError) { try A.lower(value, &cx, into: &flat) } catch { throw error.within(.index(0)) }
    }

    /// Writes the part.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        do throws(ABIError) { try A.store(value, &cx, at: offset) } catch { throw error.within(.index(0)) }
    }

    /// Reads the part.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        do throws(ABIError) { return try A.lift(&cx, from: &flat) } catch { throw error.within(.index(0)) }
    }

    /// Reads the part.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        do throws(ABIError) { return try A.load(&cx, at: offset) } catch { throw error.within(.index(0)) }
    }
}

extension Tuple1Codec: HashableCodec where A: HashableCodec {
    /// Compares the part.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool { A.areEqual(left, right) }

    /// Hashes the part.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) { A.hash(value, into: &hasher) }
}

/// A tuple of any number of parts, for those with more than eight: Swift does not specialize parameter packs, so it is slower
/// than ``Tuple2Codec`` and its like.
public struct TupleCodec<each Part: ComponentCodec>: ComponentCodec {
    /// A tuple.
    public typealias Value = (repeat (each Part).Value)

    private init() {}

    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        var layout = StaticLayout.empty
        for part in repeat (each Part).self { layout = layout.adding(part.abi) }
        return layout.padded
    }

    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape {
        var parts: [TypeShape] = []
        for part in repeat (each Part).self { parts.append(part.shape) }
        return .tuple(parts)
    }

    /// Writes the values one behind the other.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            for (part, value) in repeat ((each Part).self, each value) {
                try part.lower(value, &cx, into: &flat)
                index += 1
            }
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Writes the values at their offsets.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        var index = 0
        var fields = StaticLayout.empty
        do throws(ABIError) {
            for (part, value) in repeat ((each Part).self, each value) {
                try part.store(value, &cx, at: offset &+ fields.offset(of: part.abi, cx.is64))
                fields = fields.adding(part.abi)
                index += 1
            }
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values one behind the other.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        (repeat try (each Part).lift(&cx, from: &flat))
    }

    /// Reads the values at their offsets.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        var fields = StaticLayout.empty
        return (repeat try load((each Part).self, &cx, at: offset, behind: &fields))
    }

    @inlinable
    static func load<Next: ComponentCodec>(
        _ part: Next.Type, _ cx: inout CanonicalContext, at offset: Int, behind fields: inout StaticLayout
    ) throws(ABIError) -> Next.Value {
        let place = offset &+ fields.offset(of: part.abi, cx.is64)
        fields = fields.adding(part.abi)
        return try part.load(&cx, at: place)
    }
}

extension TupleCodec: HashableCodec where repeat each Part: HashableCodec {
    /// Compares value by value.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        for (part, left, right) in repeat ((each Part).self, each left, each right) {
            guard part.areEqual(left, right) else { return false }
        }
        return true
    }

    /// Hashes each value.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        for (part, value) in repeat ((each Part).self, each value) { part.hash(value, into: &hasher) }
    }
}
