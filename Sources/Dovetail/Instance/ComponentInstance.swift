// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI

/// One component instance at run time. (CanonicalABI.md, "Component Instances")
final class ComponentInstance {
    let handles: HandleTable
    /// False while `realloc` or `post-return` runs: imports must not be called then.
    var mayLeave = true
    var backpressure = 0

    init(handleLimit: Int) { handles = HandleTable(limit: handleLimit) }
}

/// A memory, `realloc` and string encoding of a component instance, with what lifting and lowering ask of the runtime.
final class InstanceEnvironment: CanonicalEnvironment {
    unowned(unsafe) let instance: InstanceState
    unowned(unsafe) let component: ComponentInstance
    var memory: UnsafeMutablePointer<wasmtime_memory_t>?
    var realloc: UnsafeMutablePointer<wasmtime_func_t>?

    init(_ instance: InstanceState, _ component: ComponentInstance, is64: Bool, encoding: DovetailABI.StringEncoding) {
        self.instance = instance
        self.component = component
        super.init(handles: component.handles, is64: is64, stringEncoding: encoding)
    }

    deinit {
        memory?.deallocate()
        realloc?.deallocate()
    }

    override func refreshMemory() {
        guard let memory else { return }
        let api = instance.store.api
        memoryBase = UnsafeMutableRawPointer(api.pointee.wasmtime_memory_data(instance.store.context, memory))
        memoryCount = api.pointee.wasmtime_memory_data_size(instance.store.context, memory)
    }

    override func reallocate(
        old: UInt64, oldSize: UInt64, alignment: UInt64, newSize: UInt64
    ) throws(ABIError) -> UInt64 {
        guard let realloc else {
            return try super.reallocate(old: old, oldSize: oldSize, alignment: alignment, newSize: newSize)
        }
        var slots = (
            wasmtime_val_raw_t(), wasmtime_val_raw_t(), wasmtime_val_raw_t(), wasmtime_val_raw_t()
        )
        let leaving = component.mayLeave
        component.mayLeave = false
        defer { component.mayLeave = leaving }
        // A nested call: it has the context words of a task of its own.
        let outer = instance.store.frame
        defer { instance.store.frame = outer }
        var frame = TaskFrame()
        let pointer: UInt64
        do {
            pointer = try withUnsafeMutableBytes(of: &slots) { bytes in
                guard let base = bytes.baseAddress else { return UInt64(0) }
                var writer = FlatWriter(base)
                writer.write(old)
                writer.write(oldSize)
                writer.write(alignment)
                writer.write(newSize)
                try withUnsafeMutablePointer(to: &frame) { frame in
                    instance.store.frame = frame
                    try instance.callCore(realloc, base, 4)
                }
                var reader = FlatReader(base)
                return reader.nextPointer(is64)
            }
        } catch {
            throw ABIError(code: .reallocFailed, message: "`realloc` failed: \(error)", cause: error)
        }
        refreshMemory()
        return pointer
    }

    override func makeResource(type: ResourceType, rep: UInt32, owned: Bool) throws(ABIError) -> Resource {
        Resource(type: type, rep: rep, isOwned: owned, owner: instance.store.dropQueue)
    }

    override func resourceType(for type: ObjectIdentifier) -> ResourceType? { instance.hostResources[type] }

    override func hostObject(rep: UInt32, type: ResourceType) throws(ABIError) -> AnyObject {
        guard let object = instance.store.hostObjects[rep] else { throw .unregisteredResource(type.name) }
        return object
    }

    override func takeHostObject(rep: UInt32, type: ResourceType) throws(ABIError) -> AnyObject {
        guard let object = instance.store.hostObjects.remove(rep) else { throw .unregisteredResource(type.name) }
        return object
    }

    override func insertHostObject(_ object: AnyObject, type: ResourceType) throws(ABIError) -> UInt32 {
        instance.store.hostObjects.insert(object)
    }
}
