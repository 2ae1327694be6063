// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// An exported interface of an instance, as bindings declare it.
public protocol GuestInterface: AnyObject {
    /// The instance.
    var instance: Instance { get }
}

/// A resource that a component implements: bindings declare a final class for each.
///
/// An object is one owned handle. Passed to a component as `own<r>` it is moved, and cannot be used afterwards; as
/// `borrow<r>` it is lent for the call. The resource is destroyed when the last reference to the object goes, or earlier by ``close()``.
public protocol GuestResource: AnyObject {
    /// The interface it is of.
    associatedtype Interface: GuestInterface
    /// Wraps a handle.
    init(resource: Resource, interface: Interface)
    /// The handle.
    var resource: Resource { get }
    /// The interface it is of.
    var interface: Interface { get }
}

extension GuestResource {
    /// Destroys the resource now; does nothing the second time.
    ///
    /// - Throws: `ABIError` while a call borrows it, or what ``Store/drop(_:)`` throws.
    public func close() throws {
        guard resource.isAlive else { return }
        try interface.instance.store.drop(resource)
    }
}

/// The type `own<…>` of a resource that the component implements: an object of its class.
public enum GuestOwnCodec<Value: GuestResource>: HandleCodec {
    /// The type `own<…>`.
    public static var shape: TypeShape { .own }

    /// Moves the handle to the host.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        let handle = try GuestHandleCodec<Value>.lift(handle: index, &cx)
        return Value(resource: handle.resource, interface: handle.interface)
    }

    /// Moves the resource into the instance.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try value.resource.lowerOwn(&cx)
    }
}

/// The type `own<…>` as what an object of the class is made of, for its initializers.
@_spi(Bindings)
public enum GuestHandleCodec<Object: GuestResource>: HandleCodec {
    /// A handle and the interface it is of.
    ///
    /// A type of its own: where a tuple with an associated type is a parameter, Swift 6.3 emits optimised code without end.
    public struct Value {
        /// The handle.
        public let resource: Resource
        /// The interface it is of.
        public let interface: Object.Interface
    }

    /// The type `own<…>`.
    public static var shape: TypeShape { .own }

    /// Moves the handle to the host.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        let type = try cx.environment.handles.resourceType(at: index)
        guard let binding = type.userData as? GuestResourceBinding, binding.tag == ObjectIdentifier(Object.self) else {
            throw .handleOfAnotherType(index, expected: "`\(Object.self)`", found: "`\(type.name)`")
        }
        guard let interface = binding.interface as? Object.Interface else { throw .unregisteredResource(type.name) }
        return Value(resource: try cx.liftOwnResource(index, type), interface: interface)
    }

    /// Moves the resource into the instance.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try value.resource.lowerOwn(&cx)
    }
}

/// The type `borrow<…>` of a resource that the component implements: an object of its class, lent for a call.
public enum GuestBorrowCodec<Value: GuestResource>: HandleCodec {
    /// The type `borrow<…>`.
    public static var shape: TypeShape { .borrow }

    /// Components lend nothing of their own to the host.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        throw .unsupported("a borrow of a component's own resource as a result")
    }

    /// Lends the resource to the instance until the call ends.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try value.resource.checkInstance(cx)
        return try cx.lowerBorrowResource(value.resource, value.resource.type)
    }
}

/// What bindings attach to a resource type of an instance, in the place of its destructor, which it carries on.
final class GuestResourceBinding: ResourceDestructor {
    let tag: ObjectIdentifier
    unowned(unsafe) let instance: InstanceState
    /// Weak because the interface keeps the store, which keeps this.
    private(set) weak var interface: AnyObject?
    private let destructor: AnyObject?

    init(_ tag: ObjectIdentifier, _ instance: InstanceState, _ interface: AnyObject, _ destructor: AnyObject?) {
        self.tag = tag
        self.instance = instance
        self.interface = interface
        self.destructor = destructor
    }

    /// Puts a binding on `type`; one whose interface is gone is replaced.
    static func attach(
        _ tag: ObjectIdentifier, to type: ResourceType, _ instance: InstanceState, _ interface: AnyObject
    ) {
        let old = type.userData as? GuestResourceBinding
        if let old, old.tag == tag, old.interface != nil { return }
        type.userData = GuestResourceBinding(tag, instance, interface, old.map(\.destructor) ?? type.userData)
    }

    func destroy(_ rep: UInt32, in store: Store) throws {
        guard let destructor = destructor as? any ResourceDestructor else { return }
        try destructor.destroy(rep, in: store)
    }
}

extension Resource {
    /// Moves the resource into the instance that values go to.
    fileprivate func lowerOwn(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try checkInstance(cx)
        return try cx.lowerOwnResource(self, type)
    }

    /// Throws unless the resource belongs to the instance that values go to.
    fileprivate func checkInstance(_ cx: borrowing CanonicalContext) throws(ABIError) {
        guard let binding = type.userData as? GuestResourceBinding,
            let environment = cx.environment as? InstanceEnvironment, binding.instance === environment.instance
        else { throw .resourceOfAnotherType(expected: "a `\(type.name)` of this instance", found: "one of another") }
    }
}
