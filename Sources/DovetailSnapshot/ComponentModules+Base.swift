// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailComponentize

extension ComponentModules {
    /// Smaller modules are not worth a name.
    private static let smallest = 4096

    /// The modules that begin with these states, with all of their code, and the hashes of what they were before: those that
    /// other modules import from. What their memory holds is another, for components where something else has the memory.
    func base(_ states: [Int: ModuleSnapshot.State], _ plan: ComponentPlan) throws -> [(
        original: String, bytes: [UInt8]
    )] {
        var result: [(String, [UInt8])] = []
        for position in try soleInstances(plan).keys.sorted() {
            guard let state = states[position], modules[position].hasExports else { continue }
            let restored = modules[position].restored(state).encoded()
            guard restored.count >= Self.smallest else { continue }
            result.append((hash(of: position), restored))
            if let image = modules[position].memoryImage(state) {
                result.append((SnapshotBase.Module.memory, image.module))
            }
        }
        return result
    }

    /// The component, which has the plan, with modules that begin with these states; what `base` has is imported.
    func restored(
        _ states: [Int: ModuleSnapshot.State], _ plan: ComponentPlan, prunes: Bool, on base: SnapshotBase
    ) throws -> [UInt8] {
        var names: [Int: String] = [:]
        var patches: [(position: Int, module: [UInt8])] = []
        var states = states
        var main: Int?
        let instances = try soleInstances(plan)
        for position in instances.keys.sorted() {
            let original = hash(of: position)
            guard let state = states[position] else { continue }
            let snapshot = modules[position]
            guard let module = base.modules.first(where: { $0.original == original }) else {
                if snapshot.memories.count == 1, main == nil { main = position }
                continue
            }
            if !snapshot.memories.isEmpty || !snapshot.globals.isEmpty {
                guard let first = try base.contents(module).map({ try ModuleSnapshot($0).writtenState() }) else {
                    continue
                }
                if !snapshot.memories.isEmpty || first.globals != state.globals {
                    guard let patch = snapshot.patch(from: first, to: state) else { continue }
                    patches.append((position, patch))
                }
            }
            names[position] = module.name
        }
        var image: (position: Int, module: SnapshotBase.Module, bytes: [UInt8])?
        var shared = try libraries(states, plan, instances, base, writingTo: main)
        if let main, let state = states[main] {
            let found = try memoryImage(base)
            // In the order in which it is written: what is added is instantiated last.
            let segments = shared.flatMap(\.data) + (found?.image.segments ?? [])
            let size = segments.reduce(0) { $0 + $1.bytes.count }
            if let (held, written) = state.parts(around: segments),
                let patch = modules[main].patch(from: written, to: state), patch.count < size / 2
            {
                states[main] = held
                image = found.map { (main, $0.module, $0.image.module) }
                patches.append((main, patch))
            } else {
                shared = try libraries(states, plan, instances, base, writingTo: nil)
            }
        }
        for library in shared { names[library.position] = library.name }
        var whole = try restored(states, plan, prunes: prunes, except: Set(names.keys))
        if let image {
            names[try ComponentDecoder.decode(whole).coreModules.count] = image.module.name
            whole = try adding(image.bytes, after: image.position, to: whole)
        }
        for patch in patches { whole = try adding(patch.module, after: patch.position, to: whole) }
        return try importing(names, in: whole)
    }

    /// The libraries that are imported though the base does not have them, and what they write to memory themselves: nothing where no
    /// module is given that has the memory.
    private func libraries(
        _ states: [Int: ModuleSnapshot.State], _ plan: ComponentPlan, _ instances: [Int: Int], _ base: SnapshotBase,
        writingTo main: Int?
    ) throws -> [(position: Int, name: String, data: MemoryImage.Segments)] {
        var result: [(position: Int, name: String, data: MemoryImage.Segments)] = []
        var names: Set<String> = []
        for position in instances.keys.sorted() {
            let snapshot = modules[position]
            guard let state = states[position], let label = base.libraries[hash(of: position)],
                snapshot.memories.isEmpty, snapshot.globals.isEmpty
            else { continue }
            let data = main.flatMap { main in
                memoryBase(of: position, plan, instances, main).flatMap { snapshot.data(from: $0) }
            }
            let name = try base.keep(label, snapshot.restored(state, keepsData: data != nil).encoded())
            // Nothing can be imported twice by one name: of several that are the same, the others are contained.
            guard let name, names.insert(name).inserted else { continue }
            result.append((position, name, data ?? []))
        }
        return result
    }

    /// The address that the module at `main` gives a library for its data.
    private func memoryBase(
        of position: Int, _ plan: ComponentPlan, _ instances: [Int: Int], _ main: Int
    ) -> UInt64? {
        guard let place = modules[position].memoryBase else { return nil }
        for step in plan.initializers {
            guard case .instantiate(let step) = step, step.coreInstance == instances[position],
                step.imports.indices.contains(place),
                case .export(let instance, let name) = step.imports[place].source, instance == instances[main]
            else { continue }
            return modules[main].constant(exportedAs: name.text)
        }
        return nil
    }

    /// The base's image of a memory.
    private func memoryImage(_ base: SnapshotBase) throws -> (module: SnapshotBase.Module, image: MemoryImage)? {
        guard let module = base.modules.first(where: { $0.original == SnapshotBase.Module.memory }) else { return nil }
        return try base.contents(module).map { (module, try MemoryImage($0)) }
    }

    /// A component with one more core module, which is instantiated with the instance of the module at `position`, as `env`.
    private func adding(_ module: [UInt8], after position: Int, to bytes: [UInt8]) throws -> [UInt8] {
        var component = try ComponentDecoder.decode(bytes)
        let range = component.coreModules[position]
        var counts: [CoreSort: UInt32] = [:]
        var index: UInt32?
        var instance: UInt32?
        for definition in component.definitions {
            switch definition.value {
            case .coreModule(range): index = counts[.module, default: 0]
            case .coreInstance(.instantiate(let module, _)) where module == index:
                instance = counts[.instance, default: 0]
            default: break
            }
            if let sort = definition.value.coreSort { counts[sort, default: 0] += 1 }
        }
        guard let instance else { throw SnapshotError.lost(position) }
        let offset = bytes.count
        let place = offset..<offset + module.count
        component.definitions.append(Located(.coreModule(place), at: offset))
        component.definitions.append(
            Located(
                .coreInstance(
                    .instantiate(
                        module: counts[.module, default: 0],
                        arguments: [CoreInstantiateArgument(name: "env", instance: instance)])), at: offset))
        return ComponentEncoder.encode(component, source: bytes, modules: [place: module])
    }

    /// A component that imports the modules that have names.
    private func importing(_ names: [Int: String], in bytes: [UInt8]) throws -> [UInt8] {
        let component = try ComponentDecoder.decode(bytes)
        let ranges = component.coreModules
        var used: Set<String> = []
        for range in ranges { used.formUnion(try CoreModuleBinary.decode(bytes, range: range).imports.map(\.name)) }
        for definition in component.definitions {
            if case .alias(let alias) = definition.value, case .coreExport(_, let name) = alias.target {
                used.insert(name)
            }
        }
        let chosen = Dictionary(uniqueKeysWithValues: names.map { (ranges[$0.key], $0.value) })
        return try UnbundledComponent(bytes) { range in
            chosen[range].map { UnbundledComponent.Choice(name: $0, exports: used) }
        }.component
    }

    private func hash(of position: Int) -> String {
        bytes[ranges[position]].withUnsafeBytes { SHA256.hexadecimal(of: $0) } ?? ""
    }
}
