// SPDX-License-Identifier: Apache-2.0

/// A Swift type that stands for a handle: one index, four bytes.
public protocol HandleConvertible: ComponentConvertible {
    /// Takes the handle `index` from the instance.
    static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Self
    /// Gives the instance a handle and returns its index.
    func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32
}

extension HandleConvertible {
    /// Four bytes, one core value.
    @inlinable public static var abi: StaticLayout { .handle }

    /// Writes the index.
    @inlinable
    public func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        flat.write(try lowerHandle(&cx))
    }

    /// Writes the index.
    @inlinable
    public func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        // Memory may move while this runs: it must not be inside the write.
        let handle = try lowerHandle(&cx)
        cx.write(handle, at: offset)
    }

    /// Reads the index.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        try lift(handle: flat.nextU32(), &cx)
    }

    /// Reads the index.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
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

extension Own: HandleConvertible {
    /// The type `own<…>`.
    public static var shape: TypeShape { .own }

    /// Moves the handle, and with it the object, to the host.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Own {
        let type = try cx.hostResource(index, Object.self)
        let rep = try cx.liftOwn(index, type)
        guard let object = try cx.environment.takeHostObject(rep: rep) as? Object else {
            throw .resourceOfAnotherType(expected: "\(Object.self)", found: type.name)
        }
        return Own(object)
    }

    /// Enters the object into the host's table and gives the guest its handle.
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        let type = try cx.registered(Object.self)
        return try cx.lowerOwn(try cx.environment.insertHostObject(object, type: type), type)
    }
}

extension CanonicalContext {
    /// Lends the handle at `index` to the call; its object, which is of the class `host`.
    @usableFromInline
    func lendHostObject(_ index: UInt32, _ host: ObjectIdentifier) throws(ABIError) -> AnyObject {
        guard let scope else { throw .noBorrowScope() }
        return try withEnvironment { (environment) throws(ABIError) in
            try environment.hostObject(rep: environment.handles.lend(index, host: host, scope: scope))
        }
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

extension Borrow: HandleConvertible {
    /// The type `borrow<…>`.
    public static var shape: TypeShape { .borrow }

    /// Lends the handle to the host; the object stays in the host's table.
    @inlinable
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Borrow {
        Borrow(unsafeDowncast(try cx.lendHostObject(index, ObjectIdentifier(Object.self)), to: Object.self))
    }

    /// Lends the object to the guest: it is in the host's table until the call ends.
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        let type = try cx.registered(Object.self)
        guard let scope = cx.scope else { throw .noBorrowScope() }
        let rep = try cx.environment.insertHostObject(object, type: type)
        scope.pointee.addTemporary(try cx.environment.makeResource(type: type, rep: rep, owned: true))
        return try cx.lowerBorrow(rep, type)
    }
}

/// An owned resource of a component, or one the host knows only as a handle; `Tag` names its type in generated code.
public struct OwnHandle<Tag> {
    /// The handle.
    public let resource: Resource

    /// Wraps `resource`.
    public init(_ resource: Resource) { self.resource = resource }
}

extension OwnHandle: Sendable where Tag: Sendable {}

extension OwnHandle: HandleConvertible {
    /// The type `own<…>`.
    public static var shape: TypeShape { .own }

    /// Moves the handle to the host.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> OwnHandle {
        OwnHandle(try cx.liftOwnResource(index, try cx.registered(Tag.self)))
    }

    /// Moves the resource into the instance.
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try cx.lowerOwnResource(resource, try cx.registered(Tag.self))
    }
}

/// A resource lent for a call, see ``OwnHandle``.
public struct BorrowHandle<Tag> {
    /// The handle.
    public let resource: Resource

    /// Wraps `resource`.
    public init(_ resource: Resource) { self.resource = resource }
}

extension BorrowHandle: Sendable where Tag: Sendable {}

extension BorrowHandle: HandleConvertible {
    /// The type `borrow<…>`.
    public static var shape: TypeShape { .borrow }

    /// Lends the handle to the host until the call ends.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> BorrowHandle {
        BorrowHandle(try cx.liftBorrowResource(index, try cx.registered(Tag.self)))
    }

    /// Lends the resource to the instance until the call ends.
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try cx.lowerBorrowResource(resource, try cx.registered(Tag.self))
    }
}
