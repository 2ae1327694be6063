// SPDX-License-Identifier: Apache-2.0

/// Holds an object of the host behind the protocol of its resource, so that one class stands for the resource in a store.
public final class ResourceBox<Interface> {
    /// The object, as `any P`.
    public let object: Interface

    /// Boxes `object`.
    @inlinable
    public init(_ object: Interface) { self.object = object }
}

/// The type `own<…>` of a resource that the host implements; `Interface` is the existential of its protocol.
public enum HostOwnCodec<Interface>: HandleCodec {
    /// The object.
    public typealias Value = Interface
    /// The type `own<…>`.
    public static var shape: TypeShape { .own }

    /// Moves the handle, and with it the object, to the host.
    @inlinable
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Interface {
        try OwnCodec<ResourceBox<Interface>>.lift(handle: index, &cx).object.object
    }

    /// Gives the guest a handle to the object.
    @inlinable
    public static func lowerHandle(_ value: Interface, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try OwnCodec.lowerHandle(Own(ResourceBox(value)), &cx)
    }
}

/// An object of the host that a guest lends to a call. It must not be used when the call is over: the guest's handle keeps it, so
/// that no reference is counted.
public struct Lent<Interface> {
    @usableFromInline let box: Unmanaged<ResourceBox<Interface>>

    @inlinable
    init(_ box: Unmanaged<ResourceBox<Interface>>) { self.box = box }

    /// Passes the object to `body`, which may keep it as any other.
    @inlinable @inline(__always)
    public func with<Result>(_ body: (Interface) throws -> Result) rethrows -> Result {
        try box._withUnsafeGuaranteedRef { try body($0.object) }
    }
}

/// The type `borrow<…>` of a resource that the host implements, as the parameter of a function that is not `async`.
public enum HostLentCodec<Interface>: HandleCodec {
    /// The object, for as long as the call lasts.
    public typealias Value = Lent<Interface>
    /// The type `borrow<…>`.
    public static var shape: TypeShape { .borrow }

    /// Lends the handle to the host; the guest keeps the object.
    @inlinable
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Lent<Interface> {
        let object = try cx.lendHostObject(index, ObjectIdentifier(ResourceBox<Interface>.self))
        return Lent(.fromOpaque(object.toOpaque()))
    }

    /// Lends the object on to a guest.
    @inlinable
    public static func lowerHandle(_ value: Lent<Interface>, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try HostBorrowCodec<Interface>.lowerHandle(value.box.takeUnretainedValue().object, &cx)
    }
}

/// The type `borrow<…>` of a resource that the host implements: the object, lent for a call.
public enum HostBorrowCodec<Interface>: HandleCodec {
    /// The object.
    public typealias Value = Interface
    /// The type `borrow<…>`.
    public static var shape: TypeShape { .borrow }

    /// Lends the handle to the host; the guest keeps the object.
    @inlinable
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Interface {
        try cx.lendHostObject(index, ObjectIdentifier(ResourceBox<Interface>.self))._withUnsafeGuaranteedRef {
            unsafeDowncast($0, to: ResourceBox<Interface>.self).object
        }
    }

    /// Lends the object to the guest until the call ends.
    @inlinable
    public static func lowerHandle(_ value: Interface, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try BorrowCodec.lowerHandle(Borrow(ResourceBox(value)), &cx)
    }
}
