// SPDX-License-Identifier: Apache-2.0

/// Five values in a row, see ``Tuple2``.
@frozen
public struct Tuple5<A, B, C, D, E> {
    /// The value at position 0.
    public var v0: A
    /// The value at position 1.
    public var v1: B
    /// The value at position 2.
    public var v2: C
    /// The value at position 3.
    public var v3: D
    /// The value at position 4.
    public var v4: E

    /// Makes the tuple.
    @inlinable
    public init(_ v0: A, _ v1: B, _ v2: C, _ v3: D, _ v4: E) {
        self.v0 = v0
        self.v1 = v1
        self.v2 = v2
        self.v3 = v3
        self.v4 = v4
    }
}

extension Tuple5: Equatable where A: Equatable, B: Equatable, C: Equatable, D: Equatable, E: Equatable {}
extension Tuple5: Hashable where A: Hashable, B: Hashable, C: Hashable, D: Hashable, E: Hashable {}
extension Tuple5: Sendable where A: Sendable, B: Sendable, C: Sendable, D: Sendable, E: Sendable {}

extension Tuple5: ComponentTyped
where A: ComponentTyped, B: ComponentTyped, C: ComponentTyped, D: ComponentTyped, E: ComponentTyped {
    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).adding(D.abi).adding(E.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape, D.shape, E.shape]) }
}

extension Tuple5: Lowerable where A: Lowerable, B: Lowerable, C: Lowerable, D: Lowerable, E: Lowerable {
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
            index = 4
            try v4.lower(&cx, into: &flat)
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
            fields = fields.adding(D.abi)
            index = 4
            try v4.store(&cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple5: Liftable where A: Liftable, B: Liftable, C: Liftable, D: Liftable, E: Liftable {
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
            index = 4
            let v4 = try E.lift(&cx, from: &flat)
            return Self(v0, v1, v2, v3, v4)
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
            fields = fields.adding(D.abi)
            index = 4
            let v4 = try E.load(&cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
            return Self(v0, v1, v2, v3, v4)
        } catch {
            throw error.within(.index(index))
        }
    }
}

/// Six values in a row, see ``Tuple2``.
@frozen
public struct Tuple6<A, B, C, D, E, F> {
    /// The value at position 0.
    public var v0: A
    /// The value at position 1.
    public var v1: B
    /// The value at position 2.
    public var v2: C
    /// The value at position 3.
    public var v3: D
    /// The value at position 4.
    public var v4: E
    /// The value at position 5.
    public var v5: F

    /// Makes the tuple.
    @inlinable
    public init(_ v0: A, _ v1: B, _ v2: C, _ v3: D, _ v4: E, _ v5: F) {
        self.v0 = v0
        self.v1 = v1
        self.v2 = v2
        self.v3 = v3
        self.v4 = v4
        self.v5 = v5
    }
}

extension Tuple6: Equatable where A: Equatable, B: Equatable, C: Equatable, D: Equatable, E: Equatable, F: Equatable {}
extension Tuple6: Hashable where A: Hashable, B: Hashable, C: Hashable, D: Hashable, E: Hashable, F: Hashable {}
extension Tuple6: Sendable where A: Sendable, B: Sendable, C: Sendable, D: Sendable, E: Sendable, F: Sendable {}

extension Tuple6: ComponentTyped
where A: ComponentTyped, B: ComponentTyped, C: ComponentTyped, D: ComponentTyped, E: ComponentTyped, F: ComponentTyped {
    /// The layout of a record of the same types.
    @inlinable public static var abi: StaticLayout {
        A.abi.adding(B.abi).adding(C.abi).adding(D.abi).adding(E.abi).adding(F.abi).padded
    }
    /// The type `tuple<…>`.
    @inlinable public static var shape: TypeShape { .tuple([A.shape, B.shape, C.shape, D.shape, E.shape, F.shape]) }
}

extension Tuple6: Lowerable where A: Lowerable, B: Lowerable, C: Lowerable, D: Lowerable, E: Lowerable, F: Lowerable {
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
            index = 4
            try v4.lower(&cx, into: &flat)
            index = 5
            try v5.lower(&cx, into: &flat)
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
            fields = fields.adding(D.abi)
            index = 4
            try v4.store(&cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
            fields = fields.adding(E.abi)
            index = 5
            try v5.store(&cx, at: offset &+ fields.offset(of: F.abi, cx.is64))
        } catch {
            throw error.within(.index(index))
        }
    }
}

extension Tuple6: Liftable where A: Liftable, B: Liftable, C: Liftable, D: Liftable, E: Liftable, F: Liftable {
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
            index = 4
            let v4 = try E.lift(&cx, from: &flat)
            index = 5
            let v5 = try F.lift(&cx, from: &flat)
            return Self(v0, v1, v2, v3, v4, v5)
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
            fields = fields.adding(D.abi)
            index = 4
            let v4 = try E.load(&cx, at: offset &+ fields.offset(of: E.abi, cx.is64))
            fields = fields.adding(E.abi)
            index = 5
            let v5 = try F.load(&cx, at: offset &+ fields.offset(of: F.abi, cx.is64))
            return Self(v0, v1, v2, v3, v4, v5)
        } catch {
            throw error.within(.index(index))
        }
    }
}
