// SPDX-License-Identifier: Apache-2.0

/// Values in a row, as a WIT tuple or as the parameters of a function; Swift's own tuples cannot conform to protocols.
@frozen
public struct Tuple2<A, B> {
    /// The value at position 0.
    public var v0: A
    /// The value at position 1.
    public var v1: B

    /// Makes the tuple.
    @inlinable
    public init(_ v0: A, _ v1: B) {
        self.v0 = v0
        self.v1 = v1
    }
}

extension Tuple2: Equatable where A: Equatable, B: Equatable {}
extension Tuple2: Hashable where A: Hashable, B: Hashable {}
extension Tuple2: Sendable where A: Sendable, B: Sendable {}

extension Tuple2: ComponentTyped where A: ComponentTyped, B: ComponentTyped {
    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape]) }
}

extension Tuple2: Lowerable where A: Lowerable, B: Lowerable {
    /// Writes the values one behind the other.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try v0.lower(&cx, into: &flat)
            index = 1
            try v1.lower(&cx, into: &flat)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Writes the values at their offsets.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try v0.store(&cx, at: offset)
            let fields = A.abi
            index = 1
            try v1.store(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple2: Liftable where A: Liftable, B: Liftable {
    /// Reads the values one behind the other.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.lift(&cx, from: &flat)
            index = 1
            let v1 = try B.lift(&cx, from: &flat)
            return Self(v0, v1)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values at their offsets.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.load(&cx, at: offset)
            let fields = A.abi
            index = 1
            let v1 = try B.load(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            return Self(v0, v1)
        } catch {
            throw error.within(.index(index))
        }
    }
}

/// Three values in a row, see ``Tuple2``.
@frozen
public struct Tuple3<A, B, C> {
    /// The value at position 0.
    public var v0: A
    /// The value at position 1.
    public var v1: B
    /// The value at position 2.
    public var v2: C

    /// Makes the tuple.
    @inlinable
    public init(_ v0: A, _ v1: B, _ v2: C) {
        self.v0 = v0
        self.v1 = v1
        self.v2 = v2
    }
}

extension Tuple3: Equatable where A: Equatable, B: Equatable, C: Equatable {}
extension Tuple3: Hashable where A: Hashable, B: Hashable, C: Hashable {}
extension Tuple3: Sendable where A: Sendable, B: Sendable, C: Sendable {}

extension Tuple3: ComponentTyped where A: ComponentTyped, B: ComponentTyped, C: ComponentTyped {
    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape]) }
}

extension Tuple3: Lowerable where A: Lowerable, B: Lowerable, C: Lowerable {
    /// Writes the values one behind the other.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try v0.lower(&cx, into: &flat)
            index = 1
            try v1.lower(&cx, into: &flat)
            index = 2
            try v2.lower(&cx, into: &flat)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Writes the values at their offsets.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try v0.store(&cx, at: offset)
            var fields = A.abi
            index = 1
            try v1.store(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            fields = fields.adding(B.abi)
            index = 2
            try v2.store(&cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple3: Liftable where A: Liftable, B: Liftable, C: Liftable {
    /// Reads the values one behind the other.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.lift(&cx, from: &flat)
            index = 1
            let v1 = try B.lift(&cx, from: &flat)
            index = 2
            let v2 = try C.lift(&cx, from: &flat)
            return Self(v0, v1, v2)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values at their offsets.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.load(&cx, at: offset)
            var fields = A.abi
            index = 1
            let v1 = try B.load(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            fields = fields.adding(B.abi)
            index = 2
            let v2 = try C.load(&cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
            return Self(v0, v1, v2)
        } catch {
            throw error.within(.index(index))
        }
    }
}

/// Four values in a row, see ``Tuple2``.
@frozen
public struct Tuple4<A, B, C, D> {
    /// The value at position 0.
    public var v0: A
    /// The value at position 1.
    public var v1: B
    /// The value at position 2.
    public var v2: C
    /// The value at position 3.
    public var v3: D

    /// Makes the tuple.
    @inlinable
    public init(_ v0: A, _ v1: B, _ v2: C, _ v3: D) {
        self.v0 = v0
        self.v1 = v1
        self.v2 = v2
        self.v3 = v3
    }
}

extension Tuple4: Equatable where A: Equatable, B: Equatable, C: Equatable, D: Equatable {}
extension Tuple4: Hashable where A: Hashable, B: Hashable, C: Hashable, D: Hashable {}
extension Tuple4: Sendable where A: Sendable, B: Sendable, C: Sendable, D: Sendable {}

extension Tuple4: ComponentTyped where A: ComponentTyped, B: ComponentTyped, C: ComponentTyped, D: ComponentTyped {
    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).adding(D.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape, D.shape]) }
}

extension Tuple4: Lowerable where A: Lowerable, B: Lowerable, C: Lowerable, D: Lowerable {
    /// Writes the values one behind the other.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try v0.lower(&cx, into: &flat)
            index = 1
            try v1.lower(&cx, into: &flat)
            index = 2
            try v2.lower(&cx, into: &flat)
            index = 3
            try v3.lower(&cx, into: &flat)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Writes the values at their offsets.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        var index = 0
        do throws(ABIError) {
            try v0.store(&cx, at: offset)
            var fields = A.abi
            index = 1
            try v1.store(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            fields = fields.adding(B.abi)
            index = 2
            try v2.store(&cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
            fields = fields.adding(C.abi)
            index = 3
            try v3.store(&cx, at: offset &+ fields.offset(of: D.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple4: Liftable where A: Liftable, B: Liftable, C: Liftable, D: Liftable {
    /// Reads the values one behind the other.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.lift(&cx, from: &flat)
            index = 1
            let v1 = try B.lift(&cx, from: &flat)
            index = 2
            let v2 = try C.lift(&cx, from: &flat)
            index = 3
            let v3 = try D.lift(&cx, from: &flat)
            return Self(v0, v1, v2, v3)
        } catch {
            throw error.within(.index(index))
        }
    }

    /// Reads the values at their offsets.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        var index = 0
        do throws(ABIError) {
            let v0 = try A.load(&cx, at: offset)
            var fields = A.abi
            index = 1
            let v1 = try B.load(&cx, at: offset &+ fields.offset(of: B.abi, cx.is64))
            fields = fields.adding(B.abi)
            index = 2
            let v2 = try C.load(&cx, at: offset &+ fields.offset(of: C.abi, cx.is64))
            fields = fields.adding(C.abi)
            index = 3
            let v3 = try D.load(&cx, at: offset &+ fields.offset(of: D.abi, cx.is64))
            return Self(v0, v1, v2, v3)
        } catch {
            throw error.within(.index(index))
        }
    }
}
