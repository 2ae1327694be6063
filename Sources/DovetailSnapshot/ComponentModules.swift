// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailComponentize
import DovetailTypes

/// The core modules of a component, before and after its initialisation.
struct ComponentModules {
    let bytes: [UInt8]
    private var component: ComponentBinary
    let ranges: [Range<Int>]
    let modules: [ModuleSnapshot]
    /// The component with its state exported by its core modules.
    let instrumented: [UInt8]
    /// The positions of the modules by the ranges that they have in ``instrumented``.
    private let positions: [Range<Int>: Int]
    /// Which custom sections are written back.
    private let keepsSection: (String) -> Bool

    init(_ bytes: [UInt8], keepingSections keepsSection: @escaping (String) -> Bool) throws {
        self.keepsSection = keepsSection
        self.bytes = bytes
        component = try ComponentDecoder.decode(bytes)
        ranges = component.coreModules
        var modules: [ModuleSnapshot] = []
        var changed: [Range<Int>: [UInt8]] = [:]
        for (position, range) in ranges.enumerated() {
            let original = Array(bytes[range])
            do throws(ComponentizeError) {
                let module = try ModuleSnapshot(original)
                if !module.globals.isEmpty || !module.memories.isEmpty { changed[range] = module.instrumented }
                modules.append(module)
            } catch {
                throw SnapshotError.module(position, error)
            }
        }
        self.modules = modules
        instrumented = component.encoded(bytes, replacing: changed)
        let found = try ComponentDecoder.decode(instrumented).coreModules
        positions = Dictionary(
            found.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        component.customSections.removeAll { !keepsSection($0.name) }
    }

    /// What the modules of `instance`, which has the plan, are like now, by their positions.
    func states(of instance: Instance, _ plan: ComponentPlan) throws -> [Int: ModuleSnapshot.State] {
        var states: [Int: ModuleSnapshot.State] = [:]
        for (position, index) in try soleInstances(plan) {
            var state = ModuleSnapshot.State()
            for global in modules[position].globals {
                guard let bits = instance.coreGlobal(global.export, of: index) else {
                    throw SnapshotError.lost(position)
                }
                state.globals.append(bits)
            }
            for memory in modules[position].memories {
                guard let found = instance.coreMemory(memory.export, of: index) else {
                    throw SnapshotError.lost(position)
                }
                state.memories.append(found)
            }
            states[position] = state
        }
        return states
    }

    /// The states of these modules, of which another component has some.
    func states(_ states: [Int: ModuleSnapshot.State], of other: ComponentModules) throws -> [Int: ModuleSnapshot.State]
    {
        var known: [ArraySlice<UInt8>: ModuleSnapshot.State] = [:]
        for (position, state) in states { known[other.bytes[other.ranges[position]]] = state }
        var result: [Int: ModuleSnapshot.State] = [:]
        for (position, range) in ranges.enumerated() {
            if let state = known[bytes[range]] {
                result[position] = state
            } else {
                let module = modules[position]
                guard module.globals.isEmpty, module.memories.isEmpty else { throw SnapshotError.lost(position) }
                result[position] = ModuleSnapshot.State()
            }
        }
        return result
    }

    /// The component, which has the plan, with modules that begin with these states.
    ///
    /// - Parameters:
    ///   - merges: whether core instances that share a memory become one.
    ///   - unchanged: the positions of modules that stay as they were.
    ///   - omission: what is left out besides.
    func restored(
        _ states: consuming [Int: ModuleSnapshot.State], _ plan: ComponentPlan, prunes: Bool, merges: Bool = false,
        except unchanged: Set<Int> = [], without omission: SnapshotOmission? = nil
    ) throws -> [UInt8] {
        let instances = try soleInstances(plan)
        var modules = modules
        // Memories are changed where they are.
        var states = consume states
        for position in modules.indices { modules[position].removeCustomSections { !keepsSection($0) } }
        if let omission { omit(omission, from: &modules, &states) }
        if let state = instances.keys.first(where: { states[$0] == nil && !unchanged.contains($0) }) {
            throw SnapshotError.lost(state)
        }
        let result =
            try (merges ? merged(states, plan, instances, modules) : nil)
            ?? separate(states, plan, instances, modules, prunes: prunes, except: unchanged)
        _ = try ComponentValidator.validate(try ComponentDecoder.decode(result), bytes: result, features: .all)
        return result
    }

    private func separate(
        _ states: [Int: ModuleSnapshot.State], _ plan: ComponentPlan, _ instances: [Int: Int],
        _ modules: [ModuleSnapshot], prunes: Bool, except unchanged: Set<Int>
    ) throws -> [UInt8] {
        let reachable = prunes ? try reachable(plan, instances, modules) : [:]
        var restored: [Range<Int>: [UInt8]] = [:]
        for position in instances.keys where !unchanged.contains(position) {
            guard let state = states[position] else { continue }
            restored[ranges[position]] = modules[position].restored(state, keeping: reachable[position]).encoded()
        }
        return component.encoded(bytes, replacing: restored)
    }

    /// The component with the core instances that share a memory made one, without what nothing needs; `nil` where that cannot be
    /// done.
    private func merged(
        _ states: [Int: ModuleSnapshot.State], _ plan: ComponentPlan, _ instances: [Int: Int],
        _ modules: [ModuleSnapshot]
    ) throws -> [UInt8]? {
        var restored: [Range<Int>: CoreModuleBinary] = [:]
        for (position, state) in states { restored[ranges[position]] = modules[position].restored(state) }
        guard var merger = try InstanceMerger(component, bytes, modules: restored) else { return nil }
        let joined = Set(modules.indices.filter { merger.joins(ranges[$0]) })
        for (position, reachable) in try reachable(plan, instances, modules, except: joined) {
            guard let state = states[position] else { continue }
            merger.replace(ranges[position], by: modules[position].restored(state, keeping: reachable))
        }
        return try merger.merged { $0 == Trap.messageFunction }
    }

    private func omit(
        _ omission: SnapshotOmission, from modules: inout [ModuleSnapshot], _ states: inout [Int: ModuleSnapshot.State]
    ) {
        guard let library = ranges.firstIndex(where: { bytes[$0].elementsEqual(omission.module) }) else { return }
        modules[library].omit(omission.functions)
        for position in states.keys {
            guard let start = modules[position].constant(exportedAs: omission.base) else { continue }
            states[position]?.clear(omission.memory, from: start)
        }
    }

    /// The one core instance of each module that is instantiated.
    func soleInstances(_ plan: ComponentPlan) throws -> [Int: Int] {
        var instances: [Int: Int] = [:]
        for step in plan.initializers {
            guard case .instantiate(let step) = step else { continue }
            guard case .embedded(let index) = step.module, let position = positions[plan.modules[index]] else {
                throw SnapshotError.importsModules()
            }
            guard instances.updateValue(step.coreInstance, forKey: position) == nil else {
                throw SnapshotError.severalInstances(position)
            }
        }
        return instances
    }

    // MARK: - What is needed

    /// What each module still has to have. Those who import come behind those who export, so they are asked first.
    ///
    /// - Parameter joined: modules that are not looked at: they need all that they import.
    private func reachable(
        _ plan: ComponentPlan, _ instances: [Int: Int], _ modules: [ModuleSnapshot], except joined: Set<Int> = []
    ) throws -> [Int: ModuleSnapshot.Reachable] {
        var used: [Int: Set<ExactName>] = [:]
        func use(_ item: CoreItem?) {
            if case .export(let instance, let name)? = item?.source { used[instance, default: []].insert(name) }
        }
        for function in plan.lifted {
            use(function.core)
            use(function.postReturn)
            use(function.callback)
        }
        for environment in plan.environments {
            use(environment.memory)
            use(environment.realloc)
        }
        for resource in plan.resources {
            if case .defined(_, let destructor) = resource.origin { use(destructor) }
        }
        for trampoline in plan.trampolines {
            if case .threadNew(let start) = trampoline.kind { use(start.table) }
        }
        var result: [Int: ModuleSnapshot.Reachable] = [:]
        for step in plan.initializers.reversed() {
            guard case .instantiate(let step) = step, case .embedded(let index) = step.module,
                let position = positions[plan.modules[index]]
            else { continue }
            if joined.contains(position) {
                for item in step.imports { use(item) }
                continue
            }
            let names = used[step.coreInstance] ?? []
            let reachable: ModuleSnapshot.Reachable
            do throws(ComponentizeError) {
                // What a host asks for after a trap, nothing in the component asks for.
                reachable = try modules[position].reachable {
                    names.contains(ExactName($0)) || $0 == Trap.messageFunction
                }
            } catch {
                throw SnapshotError.module(position, error)
            }
            for (item, isNeeded) in zip(step.imports, reachable.imports) where isNeeded { use(item) }
            result[position] = reachable
        }
        return result
    }
}
