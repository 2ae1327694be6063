// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// What lifting and lowering need of a component instance; the runtime subclasses it, one object for each set of
/// canonical options. (CanonicalABI.md, "Lifting and Lowering Context")
open class CanonicalEnvironment {
    /// The linear memory, refreshed by the runtime before a call and after guest code ran; lives as long as the object.
    ///
    /// Behind a pointer, so that access needs no checks of exclusivity.
    public final let memory: UnsafeMutablePointer<GuestMemory>
    /// Whether the memory has 64-bit addresses.
    public final let is64: Bool
    /// How strings lie in the memory.
    public final let stringEncoding: StringEncoding
    /// The handles of the component instance.
    public final let handles: HandleTable
    /// Which component instance this is: what ``ResourceType/implementer`` is compared with.
    public final let instanceIdentity: ObjectIdentifier
    /// The resource types of the instance, by the index of the `TypeID` that names them.
    public final var resourceTypes: [ResourceType?] = []

    /// Makes an environment; `instance` defaults to the identity of the handle table.
    public init(
        handles: HandleTable, is64: Bool = false, stringEncoding: StringEncoding = .utf8,
        instance: ObjectIdentifier? = nil
    ) {
        self.handles = handles
        self.is64 = is64
        self.stringEncoding = stringEncoding
        instanceIdentity = instance ?? ObjectIdentifier(handles)
        memory = .allocate(capacity: 1)
        memory.initialize(to: GuestMemory(base: nil, count: 0))
    }

    deinit { memory.deallocate() }

    /// Brings ``memory`` up to date.
    open func refreshMemory() {}

    /// Runs the guest's `realloc` and refreshes ``memory``; the result is not checked yet.
    open func reallocate(
        old: UInt64, oldSize: UInt64, alignment: UInt64, newSize: UInt64
    ) throws(ABIError) -> UInt64 {
        throw .noRealloc()
    }

    /// Makes the host's handle for a resource that leaves the guest.
    open func makeResource(type: ResourceType, rep: UInt32, owned: Bool) throws(ABIError) -> Resource {
        Resource(type: type, rep: rep, isOwned: owned, owner: nil)
    }

    /// The resource type that typed bindings know by the metatype (of a host class or tag) with this identity.
    open func resourceType(for type: ObjectIdentifier) -> ResourceType? { nil }

    /// The host object with representation `rep`, which the host's table keeps.
    open func hostObject(rep: UInt32) -> Unmanaged<AnyObject>? { nil }

    /// Takes the host object with representation `rep` out of the host's table.
    open func takeHostObject(rep: UInt32) throws(ABIError) -> AnyObject {
        throw .noHostObject(rep)
    }

    /// Enters a host object into the host's table and returns its representation.
    open func insertHostObject(_ object: AnyObject, type: ResourceType) throws(ABIError) -> UInt32 {
        throw .unregisteredResource(type.name)
    }

    /// Takes the stream, future or error context at `index` out of the instance. (CanonicalABI.md, `lift_async_value`)
    open func liftObject(_ index: UInt32, type: ValueType) throws(ABIError) -> AnyObject {
        throw .unsupported("a stream, future or error-context")
    }

    /// Gives a stream, future or error context to the instance. (CanonicalABI.md, `lower_async_value`)
    open func lowerObject(_ object: AnyObject, type: ValueType) throws(ABIError) -> UInt32 {
        throw .unsupported("a stream, future or error-context")
    }

    /// The resource type that `id` names in this instance.
    package final func resourceType(_ id: TypeID) throws(ABIError) -> ResourceType {
        guard id.index < resourceTypes.count, let type = resourceTypes[id.index] else {
            throw .unregisteredResource("resource \(id.index)")
        }
        return type
    }
}
