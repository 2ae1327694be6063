// SPDX-License-Identifier: Apache-2.0

/// A codec of handles: one index, four bytes.
public protocol HandleCodec: ComponentCodec {
    /// Takes the handle `index` from the instance.
    static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value
    /// Gives the instance a handle and returns its index.
    static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32
}

extension HandleCodec {
    /// Four bytes, one core value.
    @inlinable public static var abi: StaticLayout { .handle }

    /// Writes the index.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        flat.write(try lowerHandle(value, &cx))
    }

    /// Writes the index.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        // Memory may move while this runs: it must not be inside the write.
        let handle = try lowerHandle(value, &cx)
        cx.write(handle, at: offset)
    }

    /// Reads the index.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        try lift(handle: flat.nextU32(), &cx)
    }

    /// Reads the index.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        try lift(handle: cx.read(offset, as: UInt32.self), &cx)
    }
}

extension CanonicalContext {
    /// The resource type that `tag`, a host class or the tag of generated code, stands for.
    func registered(_ tag: Any.Type) throws(ABIError) -> ResourceType {
        guard let type = environment.resourceType(for: ObjectIdentifier(tag)) else {
            throw .unregisteredResource("\(tag)")
        }
        return type
    }

    /// The resource type of the handle at `index`, which must be the host class `tag`; no lookup by class.
    func hostResource(_ index: UInt32, _ tag: Any.Type) throws(ABIError) -> ResourceType {
        let type = try environment.handles.resourceType(at: index)
        guard type.hostType == ObjectIdentifier(tag) else {
            throw .handleOfAnotherType(index, expected: "\(tag)", found: "`\(type.name)`")
        }
        return type
    }
}

/// An owned resource that the host implements as objects of a class: `own<r>`.
public struct Own<Object: AnyObject> {
    /// The object.
    public let object: Object

    /// Wraps `object`.
    public init(_ object: Object) { self.object = object }
}

extension Own: Sendable where Object: Sendable {}

extension Own: ComponentConvertible {
    /// As `own<…>`.
    public typealias Codec = OwnCodec<Object>
}

/// The type `own<…>` of a resource that the host implements as objects of a class.
public enum OwnCodec<Object: AnyObject>: HandleCodec {
    /// The object in a wrapper that says how it is passed.
    public typealias Value = Own<Object>

    /// The type `own<…>`.
    public static var shape: TypeShape { .own }

    /// Moves the handle, and with it the object, to the host.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Own<Object> {
        let type = try cx.hostResource(index, Object.self)
        let rep = try cx.liftOwn(index, type)
        guard let object = try cx.environment.takeHostObject(rep: rep) as? Object else {
            throw .resourceOfAnotherType(expected: "\(Object.self)", found: type.name)
        }
        return Own(object)
    }

    /// Enters the object into the host's table and gives the guest its handle.
    public static func lowerHandle(
        _ value: Own<Object>, _ cx: inout CanonicalContext
    ) throws(ABIError) -> UInt32 {
        let type = try cx.registered(Object.self)
        return try cx.lowerOwn(try cx.environment.insertHostObject(value.object, type: type), type)
    }
}

extension CanonicalContext {
    /// Lends the handle at `index` to the call; its object, which is of the class `host` and which the table keeps meanwhile.
    @usableFromInline
    mutating func lendHostObject(_ index: UInt32, _ host: ObjectIdentifier) throws(ABIError) -> Unmanaged<AnyObject> {
        guard let scope else { throw .noBorrowScope() }
        // Nothing throws in here: a closure that does is not inlined.
        let object = reference._withUnsafeGuaranteedRef { environment in
            environment.handles.lend(index, host: host, scope: scope).flatMap { environment.hostObject(rep: $0) }
        }
        guard let object else { throw environment.handles.noHostObject(index, host: host) }
        return object
    }
}

/// A resource that the host implements as objects of a class, lent for a call: `borrow<r>`.
@frozen
public struct Borrow<Object: AnyObject> {
    /// The object.
    public let object: Object

    /// Wraps `object`.
    @inlinable
    public init(_ object: Object) { self.object = object }
}

extension Borrow: ComponentConvertible {
    /// As `borrow<…>`.
    public typealias Codec = BorrowCodec<Object>
}

/// The type `borrow<…>` of a resource that the host implements as objects of a class.
public enum BorrowCodec<Object: AnyObject>: HandleCodec {
    /// The object in a wrapper that says how it is passed.
    public typealias Value = Borrow<Object>

    /// The type `borrow<…>`.
    public static var shape: TypeShape { .borrow }

    /// Lends the handle to the host; the object stays in the host's table.
    @inlinable
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Borrow<Object> {
        let object = try cx.lendHostObject(index, ObjectIdentifier(Object.self))
        return Borrow(unsafeDowncast(object.takeUnretainedValue(), to: Object.self))
    }

    /// Lends the object to the guest: it is in the host's table until the call ends.
    public static func lowerHandle(
        _ value: Borrow<Object>, _ cx: inout CanonicalContext
    ) throws(ABIError) -> UInt32 {
        let type = try cx.registered(Object.self)
        guard let scope = cx.scope else { throw .noBorrowScope() }
        let rep = try cx.environment.insertHostObject(value.object, type: type)
        scope.pointee.addTemporary(try cx.environment.makeResource(type: type, rep: rep, owned: true))
        return try cx.lowerBorrow(rep, type)
    }
}
