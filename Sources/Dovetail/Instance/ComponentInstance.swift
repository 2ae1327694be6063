// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI

/// One component instance at run time. (CanonicalABI.md, "Component Instances")
final class ComponentInstance {
    let handles: HandleTable
    let core: UnsafeMutablePointer<ComponentCore>

    init(handleLimit: Int) {
        handles = HandleTable(limit: handleLimit)
        core = .allocate(capacity: 1)
        core.initialize(to: ComponentCore())
    }

    deinit { core.deallocate() }
}

/// A memory, `realloc` and string encoding of a component instance, with what lifting and lowering ask of the runtime.
final class InstanceEnvironment: CanonicalEnvironment {
    unowned(unsafe) let instance: InstanceState
    let core: UnsafeMutablePointer<EnvironmentCore>

    init(_ instance: InstanceState, _ component: ComponentInstance, is64: Bool, encoding: DovetailABI.StringEncoding) {
        self.instance = instance
        core = .allocate(capacity: 1)
        super.init(handles: component.handles, is64: is64, stringEncoding: encoding)
        core.initialize(
            to: EnvironmentCore(
                store: instance.store.core, component: component.core, guestMemory: memory,
                object: .passUnretained(self), is64: is64, encoding: encoding))
    }

    deinit { core.deallocate() }

    override func refreshMemory() { core.look() }

    override func reallocate(
        old: UInt64, oldSize: UInt64, alignment: UInt64, newSize: UInt64
    ) throws(ABIError) -> UInt64 {
        let core = core
        guard core.pointee.hasRealloc else { throw .noRealloc() }
        var slots = (
            wasmtime_val_raw_t(), wasmtime_val_raw_t(), wasmtime_val_raw_t(), wasmtime_val_raw_t()
        )
        let component = core.pointee.component
        let leaving = component.pointee.mayLeave
        component.pointee.mayLeave = false
        defer { component.pointee.mayLeave = leaving }
        do {
            let is64 = core.pointee.is64
            let pointer = try withUnsafeMutablePointer(to: &slots) { slots in
                let base = UnsafeMutableRawPointer(slots)
                var writer = FlatWriter(base)
                writer.write(old)
                writer.write(oldSize)
                writer.write(alignment)
                writer.write(newSize)
                // A nested call: it has the context words of a task of its own.
                try core.pointee.store.withFrame { try core.pointee.store.call(&core.pointee.realloc, base, 4) }
                var reader = FlatReader(base)
                return reader.nextPointer(is64)
            }
            core.refresh()
            return pointer
        } catch {
            throw ABIError(code: .reallocFailed, message: "`realloc` failed: \(error)", cause: error)
        }
    }

    override func makeResource(type: ResourceType, rep: UInt32, owned: Bool) throws(ABIError) -> Resource {
        Resource(type: type, rep: rep, isOwned: owned, owner: instance.store.dropQueue)
    }

    override func resourceType(for type: ObjectIdentifier) -> ResourceType? { instance.hostResources[type] }

    override func hostObject(rep: UInt32) throws(ABIError) -> AnyObject {
        guard let object = core.pointee.store.pointee.hostObjects[rep] else { throw .noHostObject(rep) }
        return object
    }

    override func takeHostObject(rep: UInt32) throws(ABIError) -> AnyObject {
        guard let object = core.pointee.store.pointee.hostObjects.remove(rep) else { throw .noHostObject(rep) }
        return object
    }

    override func insertHostObject(_ object: AnyObject, type: ResourceType) throws(ABIError) -> UInt32 {
        core.pointee.store.pointee.hostObjects.insert(object)
    }
}
