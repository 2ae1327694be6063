// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailComponentize

extension ComponentModules {
    /// Smaller modules are not worth a name.
    private static let smallest = 4096

    /// The modules that begin with these states, with all of their code, and the hashes of what they were before: those that
    /// other modules import from.
    func base(_ states: [Int: ModuleSnapshot.State], _ plan: ComponentPlan) throws -> [(
        original: String, bytes: [UInt8]
    )] {
        var result: [(String, [UInt8])] = []
        for position in try soleInstances(plan).keys.sorted() {
            guard let state = states[position], modules[position].hasExports else { continue }
            let restored = modules[position].restored(state)
            if restored.count >= Self.smallest { result.append((hash(of: position), restored)) }
        }
        return result
    }

    /// The component, which has the plan, with modules that begin with these states; what `base` has is imported.
    func restored(
        _ states: [Int: ModuleSnapshot.State], _ plan: ComponentPlan, prunes: Bool, on base: SnapshotBase
    ) throws -> [UInt8] {
        var names: [Int: String] = [:]
        var patches: [(position: Int, module: [UInt8])] = []
        for position in try soleInstances(plan).keys.sorted() {
            let original = hash(of: position)
            guard let state = states[position] else { continue }
            let snapshot = modules[position]
            guard let module = base.modules.first(where: { $0.original == original }) else {
                guard base.libraries.contains(original), snapshot.memories.isEmpty, snapshot.globals.isEmpty else {
                    continue
                }
                // Nothing can be imported twice by one name: of several that are the same, the others are contained.
                if let name = try base.keep(snapshot.restored(state)), !names.values.contains(name) {
                    names[position] = name
                }
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
        var whole = try restored(states, plan, prunes: prunes, except: Set(names.keys))
        for patch in patches { whole = try adding(patch.module, after: patch.position, to: whole) }
        return try importing(names, in: whole)
    }

    /// A component with one more core module, which is instantiated with the instance of the module at `position`, as `env`.
    private func adding(_ module: [UInt8], after position: Int, to bytes: [UInt8]) throws -> [UInt8] {
        var component = try ComponentDecoder.decode(bytes)
        let range = component.coreModules[position]
        var (modules, instances): (UInt32, UInt32) = (0, 0)
        var index: UInt32?
        var instance: UInt32?
        for definition in component.definitions {
            switch definition.value {
            case .coreModule(let place):
                if place == range { index = modules }
                modules += 1
            case .coreInstance(.instantiate(let module, _)) where module == index:
                instance = instances
                instances += 1
            case .coreInstance: instances += 1
            case .import(let item): if case .coreModule = item.type { modules += 1 }
            case .alias(let alias):
                if alias.sort == .core(.module) { modules += 1 }
                if alias.sort == .core(.instance) { instances += 1 }
            default: continue
            }
        }
        guard let instance else { throw SnapshotError.lost(position) }
        let offset = bytes.count
        component.definitions.append(Located(.coreModule(offset..<offset + module.count), at: offset))
        component.definitions.append(
            Located(
                .coreInstance(
                    .instantiate(module: modules, arguments: [CoreInstantiateArgument(name: "env", instance: instance)])
                ), at: offset))
        return ComponentEncoder.encode(component, source: bytes + module)
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
