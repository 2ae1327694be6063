// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// Holds an object of the host behind the protocol of its resource, so that one class stands for the resource in a store.
public final class ResourceBox<Interface> {
    /// The object, as `any P`.
    public let object: Interface

    /// Boxes `object`.
    @inlinable
    public init(_ object: Interface) { self.object = object }
}

/// An owned resource that the host implements, inside another type: `list<own<r>>` is `[HostOwn<any R>]`.
///
/// `Interface` is the existential of the protocol that bindings declare for the resource.
public struct HostOwn<Interface> {
    /// The object.
    public let object: Interface

    /// Wraps `object`.
    @inlinable
    public init(_ object: Interface) { self.object = object }
}

extension HostOwn: HandleConvertible {
    /// The type `own<…>`.
    public static var shape: TypeShape { .own }

    /// Moves the handle, and with it the object, to the host.
    @inlinable
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> HostOwn {
        HostOwn(try Own<ResourceBox<Interface>>.lift(handle: index, &cx).object.object)
    }

    /// Gives the guest a handle to the object.
    @inlinable
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try Own(ResourceBox(object)).lowerHandle(&cx)
    }
}

/// A resource that the host implements, lent for a call: `borrow<r>` inside another type.
@frozen
public struct HostBorrow<Interface> {
    // The box and not what is in it: a lifted handle then counts one reference only.
    @usableFromInline let box: ResourceBox<Interface>

    /// The object.
    @inlinable public var object: Interface { box.object }

    /// Wraps `object`.
    @inlinable
    public init(_ object: Interface) { box = ResourceBox(object) }

    @inlinable
    init(box: ResourceBox<Interface>) { self.box = box }
}

extension HostBorrow: HandleConvertible {
    /// The type `borrow<…>`.
    public static var shape: TypeShape { .borrow }

    /// Lends the handle to the host; the guest keeps the object.
    @inlinable
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> HostBorrow {
        HostBorrow(box: try Borrow<ResourceBox<Interface>>.lift(handle: index, &cx).object)
    }

    /// Lends the object to the guest until the call ends.
    @inlinable
    public func lowerHandle(_ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try Borrow(box).lowerHandle(&cx)
    }
}

extension Linker {
    /// Defines a resource whose objects conform to a protocol; what a guest drops, the host lets go of.
    ///
    /// - Parameters:
    ///   - name: the name, in kebab-case.
    ///   - instance: the interface or instance it belongs to; `nil` for one imported by itself.
    ///   - type: the existential type, `(any Connection).self`.
    public mutating func defineHostResource<Interface>(
        _ name: String, in instance: String? = nil, _ type: Interface.Type
    ) {
        defineResource(name, in: instance, ResourceBox<Interface>.self)
    }
}
