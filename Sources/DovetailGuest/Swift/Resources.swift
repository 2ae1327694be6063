// SPDX-License-Identifier: Apache-2.0

/// The base of the classes of imported resources: a handle, dropped with the last reference to the object.
open class ResourceHandle: @unchecked Sendable {
    // @unchecked because a component has one thread.

    /// The handle; 0 when it was given away or dropped.
    public final private(set) var resourceHandle: Int32
    /// The object whose method this one came from: its handle must not be dropped earlier.
    final var resourceParent: ResourceHandle?

    /// Takes over a handle.
    public init(resourceHandle: Int32) { self.resourceHandle = resourceHandle }

    /// The handle, for the time of a call.
    public final func lendResource() -> Int32 {
        precondition(resourceHandle != 0, "the resource was given away or dropped")
        return resourceHandle
    }

    /// Gives the handle away: the object has none then.
    public final func giveResource() -> Int32 {
        let handle = lendResource()
        resourceHandle = 0
        return handle
    }
}

/// A resource that the component imports.
public protocol ImportedResource: ResourceHandle {
    /// Takes over a handle.
    init(resourceHandle: Int32)
    /// `resource.drop`
    static func dropResource(_ handle: Int32)
}

extension ImportedResource {
    /// Drops the handle now, instead of with the last reference to the object.
    public func dropResource() {
        if resourceHandle != 0 { Self.dropResource(giveResource()) }
    }
}

/// Whose method is returning handles: what they are of may have to live as long as they do.
///
/// A handle of another resource keeps the object it came from. One of the same resource is a copy or a successor, which
/// stands by itself; what comes after it in the same result is its own.
public enum ResourceParent {
    nonisolated(unsafe) static var current: ResourceHandle?

    /// Reads the result of a method of `object`.
    @inline(__always)
    public static func load<Codec: ComponentCodec>(
        _ object: ResourceHandle, _ place: UnsafeRawPointer, _ codec: Codec.Type
    ) -> Codec.Value {
        current = object
        let value = Codec.load(place)
        current = nil
        return value
    }

    /// Makes the result of a method of `object` of a core value.
    @inline(__always)
    public static func value<Codec: CoreCodec>(
        _ object: ResourceHandle, _ core: Codec.Core, _ codec: Codec.Type
    ) -> Codec.Value {
        current = object
        let value = Codec.value(core)
        current = nil
        return value
    }

    @inline(never)
    static func adopt(_ object: ResourceHandle, isAlike: Bool) {
        if isAlike { current = object } else { object.resourceParent = current }
    }
}

/// The codec of handles that own an imported resource.
public enum ImportedOwnCodec<Value: ImportedResource>: CoreCodec {
    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 4, alignment: 4, flatCount: 1) }
    /// The core value of a value.
    @inline(__always)
    public static func core(_ value: Value) -> Int32 { value.giveResource() }
    /// The value of a core value.
    public static func value(_ core: Int32) -> Value {
        let object = Value(resourceHandle: core)
        if let parent = ResourceParent.current { ResourceParent.adopt(object, isAlike: parent is Value) }
        return object
    }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value { value(place.load(as: Int32.self)) }
    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: core(value), as: Int32.self)
    }
}

/// The codec of handles of an imported resource that are lent: by this component for a call, or to it for one.
public enum ImportedBorrowCodec<Value: ImportedResource>: CoreCodec {
    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 4, alignment: 4, flatCount: 1) }
    /// The core value of a value.
    @inline(__always)
    public static func core(_ value: Value) -> Int32 { value.lendResource() }
    /// The value of a core value.
    @inline(__always)
    public static func value(_ core: Int32) -> Value { Value(resourceHandle: core) }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value { value(place.load(as: Int32.self)) }
    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: core(value), as: Int32.self)
    }
}

/// A resource that the component exports: a class of the author's.
public protocol ExportedResource: AnyObject {
    /// `resource.new`
    static func newResource(_ representation: UnsafeRawPointer) -> Int32
    /// `resource.rep`
    static func resourceRepresentation(_ handle: Int32) -> UnsafeRawPointer
    /// `resource.drop`
    static func dropResource(_ handle: Int32)
}

extension ExportedResource {
    /// Ends the handle's reference to the object.
    @inline(__always)
    public static func destroyResource(_ representation: UnsafeRawPointer) {
        Unmanaged<Self>.fromOpaque(representation).release()
    }
}

/// The codec of handles that own an exported resource: each holds a reference to the object.
public enum ExportedOwnCodec<Value: ExportedResource>: CoreCodec {
    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 4, alignment: 4, flatCount: 1) }
    /// The core value of a value.
    public static func core(_ value: Value) -> Int32 { Value.newResource(Unmanaged.passRetained(value).toOpaque()) }
    /// The value of a core value.
    public static func value(_ core: Int32) -> Value {
        let object = Unmanaged<Value>.fromOpaque(Value.resourceRepresentation(core)).takeUnretainedValue()
        // This runs the destructor; the reference that was just made keeps the object.
        Value.dropResource(core)
        return object
    }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value { value(place.load(as: Int32.self)) }
    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: core(value), as: Int32.self)
    }
}

/// The codec of exported resources that are lent to the component: they come in as what represents them.
public enum ExportedBorrowCodec<Value: ExportedResource>: CoreCodec {
    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 4, alignment: 4, flatCount: 1) }
    /// The core value of a value.
    public static func core(_ value: Value) -> Int32 {
        Int32(truncatingIfNeeded: Int(bitPattern: Unmanaged.passUnretained(value).toOpaque()))
    }
    /// The value of a core value.
    public static func value(_ core: Int32) -> Value {
        Unmanaged<Value>.fromOpaque(UnsafeRawPointer(bitPattern: Int(core)).unsafelyUnwrapped).takeUnretainedValue()
    }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value { value(place.load(as: Int32.self)) }
    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: core(value), as: Int32.self)
    }
}
