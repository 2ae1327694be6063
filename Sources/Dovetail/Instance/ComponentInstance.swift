// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailTypes

/// One component instance at run time. (CanonicalABI.md, "Component Instances")
final class ComponentInstance {
    let handles: HandleTable
    let core: UnsafeMutablePointer<ComponentCore>
    var threads = ThreadTable()
    /// The thread of the task that runs with exclusive access; others that need it wait.
    var exclusiveThread: ObjectIdentifier? {
        didSet { if exclusiveThread == nil { scheduler.opened(self) } }
    }
    /// The instance that it is a part of.
    unowned(unsafe) var state: InstanceState?
    /// How many tasks wait until they may start.
    var waitingToEnter = 0
    // The gates at which threads wait: for their `callback`, and to start with and without exclusive access.
    let callbacks = ThreadQueue()
    let exclusiveEntries = ThreadQueue()
    let entries = ThreadQueue()
    private unowned(unsafe) let scheduler: Scheduler

    init(_ scheduler: Scheduler, handleLimit: Int) {
        self.scheduler = scheduler
        handles = HandleTable(limit: handleLimit)
        core = .allocate(capacity: 1)
        core.initialize(to: ComponentCore())
    }

    deinit { core.deallocate() }

    /// Forgets all threads and their stacks.
    func abandonThreads() {
        threads.abandon()
        for gate in [callbacks, exclusiveEntries, entries] {
            for thread in gate.removeAll() { thread.task.abandon() }
        }
    }
}

/// A memory, `realloc` and string encoding of a component instance, with what lifting and lowering ask of the runtime.
final class InstanceEnvironment: CanonicalEnvironment {
    unowned(unsafe) let instance: InstanceState
    unowned(unsafe) let component: ComponentInstance
    let core: UnsafeMutablePointer<EnvironmentCore>
    init(_ instance: InstanceState, _ component: ComponentInstance, is64: Bool, encoding: StringEncoding) {
        self.instance = instance
        self.component = component
        core = .allocate(capacity: 1)
        super.init(handles: component.handles, is64: is64, stringEncoding: encoding)
        core.initialize(
            to: EnvironmentCore(
                store: instance.store.core, component: component.core,
                site: CallSite(
                    caller: Caller(instance.store), environment: .passUnretained(self), memory: memory,
                    copyBudget: instance.store.configuration.copyBudget, is64: is64, encoding: encoding)))
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
            let is64 = is64
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
            // Whoever's call this is part of, it is this instance's code that trapped.
            let error = instance.poison(error)
            throw ABIError(code: .reallocFailed, message: "`realloc` failed: \(error)", cause: error)
        }
    }

    /// Whether what is lifted from this, when it needs a memory, is lifted from `other` in the same way.
    /// (CanonicalABI.md, `LiftOptions.equal`; the reference suite leaves the memory out where none is needed.)
    func liftsAs(_ other: InstanceEnvironment) -> Bool {
        guard self !== other, core.pointee.hasMemory else { return stringEncoding == other.stringEncoding }
        core.look()
        other.core.look()
        // However often a memory is exported, there is one place where it begins.
        return other.core.pointee.hasMemory && memory.pointee.base == other.memory.pointee.base
            && stringEncoding == other.stringEncoding
    }

    override func liftObject(_ index: UInt32, type: ValueType) throws(ABIError) -> AnyObject {
        try take(index, type: type)
    }

    override func lowerObject(_ object: AnyObject, type: ValueType) throws(ABIError) -> UInt32 {
        try give(object, type: type)
    }

    override func makeResource(type: ResourceType, rep: UInt32, owned: Bool) throws(ABIError) -> Resource {
        Resource(type: type, rep: rep, isOwned: owned, owner: instance.store.dropQueue)
    }

    override func resourceType(for type: ObjectIdentifier) -> ResourceType? { instance.hostResources[type] }

    override func hostObject(rep: UInt32) -> Unmanaged<AnyObject>? { core.pointee.store.pointee.hostObjects[rep] }

    override func takeHostObject(rep: UInt32) throws(ABIError) -> AnyObject {
        guard let object = core.pointee.store.pointee.hostObjects.remove(rep) else { throw .noHostObject(rep) }
        return object
    }

    override func insertHostObject(_ object: AnyObject, type: ResourceType) throws(ABIError) -> UInt32 {
        core.pointee.store.pointee.hostObjects.insert(object)
    }
}
