// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

/// An instance of a component with everything nested in it, as the store keeps it.
final class InstanceState {
    unowned(unsafe) let store: Store
    let pre: InstancePre
    var component: Component { pre.component }
    let components: [ComponentInstance]
    private var environments: [InstanceEnvironment?]
    private var lifted: [UnsafeMutablePointer<LiftedFunction>?]
    private(set) var resourceTypes: [ResourceType?]
    /// The resource types of Swift classes, for typed host functions.
    var hostResources: [ObjectIdentifier: ResourceType] { pre.hostResources }
    /// Why the instance cannot be entered any more.
    private(set) var failure: String?
    private var untold: (any Error)?
    /// Whether calls have to ask first: the instance has trapped, or its store is suspended.
    let isClosed: UnsafeMutablePointer<Bool>

    var hasTrapped: Bool { failure != nil }
    private let coreInstances: UnsafeMutablePointer<wasmtime_instance_t>
    private let trampolines: UnsafeMutablePointer<Unmanaged<CoreImport>?>
    /// The instance of the component's ``ImportCarrier``, in the first instance of a store.
    private var carrier: wasmtime_instance_t?
    /// What core instances import more than once, until all are made; see ``ComponentPlan/CoreInstantiation/importSlots``.
    private var sharedImports: [wasmtime_extern_t?]
    /// Whether all core instances are made.
    private(set) var isComplete = false
    /// Whether the component learns from this instance which pages its instances write.
    private let isObserved: Bool

    init(_ pre: InstancePre, _ store: Store) throws {
        self.store = store
        self.pre = pre
        let plan = pre.component.plan
        components = (0..<plan.componentInstanceCount).map { _ in
            ComponentInstance(store.scheduler, handleLimit: store.configuration.maximumHandles)
        }
        environments = Array(repeating: nil, count: plan.environments.count)
        lifted = Array(repeating: nil, count: plan.lifted.count)
        trampolines = .allocate(capacity: max(1, plan.trampolines.count))
        trampolines.initialize(repeating: nil, count: plan.trampolines.count)
        resourceTypes = pre.resources
        sharedImports = Array(repeating: nil, count: plan.importSlotCount)
        coreInstances = .allocate(capacity: max(1, plan.coreInstanceCount))
        isClosed = .allocate(capacity: 1)
        isClosed.initialize(to: false)
        isObserved = pre.writtenPages?.beginsObservation() ?? false
        for component in components { component.state = self }
        // From here on the store keeps the instance, whatever happens: core instances may hold on to trampolines.
        store.adopt(self)
        try store.core.enter()
        defer { store.core.leave() }
        do {
            if let made = pre.carrier, store.carriedInstance == nil {
                store.carry(trampolines, of: self)
                carrier = try made.instantiate(in: store)
            }
            for step in plan.initializers { try run(step, plan) }
        } catch {
            throw poison(error)
        }
        sharedImports = []
        isComplete = true
    }

    deinit {
        for index in 0..<component.plan.trampolines.count { trampolines[index]?.release() }
        trampolines.deallocate()
        coreInstances.deallocate()
        isClosed.deallocate()
        for function in lifted {
            function?.deinitialize(count: 1)
            function?.deallocate()
        }
    }

    private func run(_ step: ComponentPlan.Initializer, _ plan: ComponentPlan) throws {
        switch step {
        case .instantiate(let step): try instantiate(step)
        case .resource(let index): defineResource(plan.resources[index])
        }
    }

    // MARK: Core instances

    /// A core instance of the plan.
    func coreInstance(_ index: Int) -> UnsafePointer<wasmtime_instance_t> { UnsafePointer(coreInstances + index) }

    /// The core module that an item of the plan represents.
    func module(_ item: ModuleItem) -> CoreModule? {
        switch item {
        case .embedded(let index): pre.component.modules[index]
        case .imported(let index): pre.modules[index]
        }
    }

    private func instantiate(_ step: ComponentPlan.CoreInstantiation) throws {
        guard let module = module(step.module) else { return }
        var imports: [wasmtime_extern_t] = []
        if case .embedded = step.module {
            imports.reserveCapacity(step.imports.count)
            for (item, slot) in zip(step.imports, step.importSlots) {
                let found = try slot.flatMap { sharedImports[$0] } ?? external(item, at: step.offset)
                if let slot { sharedImports[slot] = found }
                imports.append(found)
            }
        } else {
            for wanted in module.imports {
                let item: CoreItem?
                switch step.arguments[ExactName(wanted.module)] {
                case .bundle(let bundle)?: item = bundle[ExactName(wanted.name)]
                case .instantiated(let instance, _)?:
                    item = CoreItem(
                        sort: wanted.type.sort, source: .export(coreInstance: instance, name: ExactName(wanted.name)))
                case nil: item = nil
                }
                guard let item else { throw ComponentError.missingArgument(wanted.module, at: step.offset) }
                imports.append(try external(item, at: step.offset))
            }
        }
        var trap: OpaquePointer?
        let error = store.core.withFrame {
            store.api.functions.pointee.wasmtime_instance_new(
                store.context, module.raw, imports, imports.count, coreInstances + step.coreInstance, &trap)
        }
        if error != nil || trap != nil { throw store.failure(error, trap) }
        if !isObserved { pre.writtenPages?.provide(step.coreInstance, of: self) }
    }

    /// An item as the engine takes it.
    private func external(_ item: CoreItem, at offset: Int?) throws -> wasmtime_extern_t {
        switch item.source {
        case .trampoline(let index): return dovetail_extern_func(try trampoline(index))
        case .export(let instance, let name):
            guard let found = store.export(name.text, of: coreInstances + instance) else {
                throw ComponentError.missingExport(name.text, of: "core instance \(instance)", at: offset ?? 0)
            }
            return found
        }
    }

    /// A core function of the plan.
    func coreFunction(_ item: CoreItem) throws -> wasmtime_func_t {
        let external = try external(item, at: nil)
        guard external.kind == WASMTIME_EXTERN_FUNC else {
            throw ComponentError.wrongType(expected: "a core function", found: "another core item", at: 0)
        }
        return external.of.func
    }

    /// The function at a position of a table; `nil` when there is none.
    func coreFunction(at index: UInt64, of table: CoreItem) throws -> wasmtime_func_t? {
        var external = try external(table, at: nil)
        guard external.kind == WASMTIME_EXTERN_TABLE else {
            throw ComponentError.wrongType(expected: "a core table", found: "another core item", at: 0)
        }
        var value = wasmtime_val_t()
        guard store.api.functions.pointee.wasmtime_table_get(store.context, &external.of.table, index, &value) else {
            return nil
        }
        defer { store.api.functions.pointee.wasmtime_val_unroot(&value) }
        let function = value.kind == WASMTIME_FUNCREF ? value.of.funcref : wasmtime_func_t()
        return function.store_id == 0 ? nil : function
    }

    private func trampoline(_ index: Int) throws -> wasmtime_func_t {
        if var carrier, let function = pre.carrier?.function(index, of: &carrier, in: store) { return function }
        let item = try coreImport(index)
        return item.function ?? item.makeFunction(component.plan.trampolines[index].engineType)
    }

    /// What a trampoline of the plan calls, looked up when it is first asked for.
    func coreImport(_ index: Int) throws -> CoreImport {
        if let known = trampolines[index] { return known.takeUnretainedValue() }
        let made = try CoreImport(self, index)
        trampolines[index] = .passRetained(made)
        return made
    }

    // MARK: The rest of the steps

    /// A set of canonical options, looked up when it is first used.
    func environment(_ index: Int) throws -> InstanceEnvironment {
        if let known = environments[index] { return known }
        let wanted = pre.component.plan.environments[index]
        let environment = InstanceEnvironment(
            self, components[wanted.componentInstance], is64: wanted.is64, encoding: wanted.stringEncoding)
        environment.resourceTypes = resourceTypes
        if let item = wanted.memory {
            let external = try external(item, at: nil)
            guard external.kind == WASMTIME_EXTERN_MEMORY else {
                throw ComponentError.wrongType(expected: "a memory", found: "another core item", at: 0)
            }
            environment.core.pointee.memory = external.of.memory
            environment.core.pointee.hasMemory = true
        }
        if let item = wanted.realloc {
            environment.core.pointee.realloc = try coreFunction(item)
            environment.core.pointee.hasRealloc = true
        }
        environments[index] = environment
        return environment
    }

    /// A lifted function.
    func lifted(_ index: Int) -> UnsafeMutablePointer<LiftedFunction> {
        if let known = lifted[index] { return known }
        let function = UnsafeMutablePointer<LiftedFunction>.allocate(capacity: 1)
        function.initialize(to: LiftedFunction(self, index))
        lifted[index] = function
        return function
    }

    private func defineResource(_ resource: ComponentPlan.ResourcePlan) {
        guard case .defined(let owner, let destructor) = resource.origin else { return }
        let implementer = components[owner]
        let type = ResourceType(name: resource.name, implementer: ObjectIdentifier(implementer.handles))
        type.userData = GuestDestructor(self, implementer, destructor)
        resourceTypes[resource.type.index] = type
        for environment in environments { environment?.resourceTypes[resource.type.index] = type }
    }

    /// Lets go of what has to go before the store does: the stacks of the guests' threads.
    func close() {
        for component in components { component.abandonThreads() }
        if isObserved { pre.writtenPages?.observe(self) }
    }

    // MARK: Calls

    /// Stops if the instance trapped earlier.
    func checkAlive() throws {
        if let failure { throw Trap.cannotEnter(failure) }
    }

    /// Makes the instance unusable because of an error that cannot be reported to anyone yet.
    func fail(_ error: any Error) {
        let error = poison(error)
        if untold == nil { untold = error }
        store.operations.passOn(failed: true, hasReadyThreads: false)
    }

    /// Throws an error that was kept for the next to enter the instance, or that it trapped.
    func checkUntold() throws {
        if let untold {
            self.untold = nil
            throw untold
        }
        try checkAlive()
    }

    /// Makes the instance unusable after a trap and gives the error on.
    func poison(_ error: any Error) -> any Error {
        var error = Store.trap(error)
        if failure == nil {
            error = withGuestMessage(error)
            failure = (error as? Trap)?.message ?? "\(error)"
        }
        updateGate()
        return error
    }

    /// Brings ``isClosed`` up to date.
    func updateGate() { isClosed.pointee = hasTrapped || store.scheduler.isSuspended }
}
