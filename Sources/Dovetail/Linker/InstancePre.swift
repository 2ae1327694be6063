// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

/// A component whose imports are satisfied: what remains is the same short work for each instance.
public final class InstancePre: Sendable {
    /// A function import and what stands for it.
    enum Function: Sendable {
        case host(HostFunction)
        case guest(GuestFunctionReference)
    }

    /// The component.
    public let component: Component
    let functions: [Function]
    /// The functions of the host as the component's lowered functions call them, by the position of these.
    let hosts: [DirectFunction?]
    /// Whether a function of the host can make the guest wait on its stack. A plain one can, as those of WASI do.
    let mayWait: Bool
    let modules: [CoreModule]
    /// The types of the imported resources, by the index of their ``TypeID``; others are `nil`.
    let resources: [ResourceType?]
    /// The imported resources that are Swift classes, by these.
    let hostResources: [ObjectIdentifier: ResourceType]
    /// The core functions that instances import, where it pays to have them at hand.
    let carrier: ImportCarrier?
    /// What instances write of their memories, where it pays to know.
    let writtenPages: WrittenPages?

    init(_ component: Component, _ definitions: DefinitionTree) throws(LinkError) {
        self.component = component
        let plan = component.plan
        let printer = TypePrinter(plan: plan)
        var problems = LinkError()
        var functions: [Function] = []
        var guests: [(name: String, expected: FunctionType, found: UnsafeMutablePointer<LiftedFunction>)] = []
        var modules: [CoreModule] = []
        var misplaced: [[String]] = []
        var resources = [ResourceType?](repeating: nil, count: plan.types.definitions.count)

        // Many imports come from few interfaces, and each is searched for by version.
        var roots: [String: Definition?] = [:]
        func find(_ path: [String]) -> Definition? {
            var tree = definitions
            for (position, name) in path.enumerated() {
                let candidate: Definition?
                if position > 0 {
                    candidate = tree.find(name)
                } else if let known = roots[name] {
                    candidate = known
                } else {
                    candidate = tree.find(name)
                    roots[name] = .some(candidate)
                }
                guard let found = candidate else { return nil }
                if position == path.count - 1 { return found }
                guard case .instance(let nested) = found else { return nil }
                tree = nested
            }
            return nil
        }
        func wrongKind(_ path: [String], expected: String, found: Definition) {
            problems.add(
                LinkError.wrongKind(path.joined(separator: "#"), expected: expected, found: found.kindName))
        }
        func missing(_ path: [String], _ expected: String, type: @autoclosure () -> String? = nil) {
            // Whoever has no instance where one is expected need not hear what would have to be in it.
            guard !misplaced.contains(where: { path.starts(with: $0) }) else { return }
            let nearest = problems.hasRoom ? definitions.nearest(path) : nil
            problems.add(
                LinkError.missing(path.joined(separator: "#"), expected: expected, type: type(), nearest: nearest))
        }

        // An instance that is not there may still turn out to need nothing.
        for instance in plan.imports.instances {
            guard let other = find(instance.path) else { continue }
            if case .instance = other { continue }
            misplaced.append(instance.path)
            wrongKind(instance.path, expected: "an instance", found: other)
        }
        for function in plan.imports.functions {
            let name = function.path.joined(separator: "#")
            switch find(function.path) {
            case .function(let host)?:
                if let difference = host.difference(from: function.type, in: plan.types) {
                    problems.add(LinkError.mismatch(name, difference))
                }
                functions.append(.host(host))
            case .guest(let reference)? where reference.store == nil:
                problems.add(LinkError.mismatch(name, "the store of the instance that defines it has gone"))
            case .guest(let reference)?:
                guests.append((name, function.type, reference.function))
                functions.append(.guest(reference))
            case let other?: wrongKind(function.path, expected: "a function", found: other)
            case nil: missing(function.path, "function", type: printer.function(function.type, within: 300))
            }
        }
        for (index, module) in plan.imports.modules.enumerated() {
            var found = find(module.path)
            if found == nil, module.path.count == 1, let name = module.path.first {
                do throws(EngineError) {
                    found = try SharedModules.module(named: name, for: component.engine).map { .module($0) }
                } catch {
                    problems.add(LinkError.mismatch(name, "\(error)"))
                    continue
                }
            }
            switch found {
            case .module(let core)?:
                if let wanted = component.importedModules[index],
                    let difference = wanted.difference(from: core.interface)
                {
                    problems.add(LinkError.mismatch(module.path.joined(separator: "#"), difference))
                }
                modules.append(core)
            case let other?: wrongKind(module.path, expected: "a core module", found: other)
            case nil:
                guard let name = module.path.first, let shared = SharedModules.parts(of: name) else {
                    missing(module.path, "core module")
                    continue
                }
                problems.add(LinkError.missingShared(name, shared.label, shared.hash))
            }
        }
        for resource in plan.resources {
            guard case .imported(let path) = resource.origin else { continue }
            switch find(path) {
            case .resource(let type)?: resources[resource.type.index] = type
            case let other?: wrongKind(path, expected: "a resource", found: other)
            case nil: missing(path, "resource")
            }
        }
        for (path, index) in plan.imports.resourceAliases {
            let expected = resources[plan.resources[index].type.index]
            switch find(path) {
            case .resource(let type)?:
                if let expected, expected !== type {
                    problems.add(
                        LinkError.mismatch(
                            path.joined(separator: "#"), "expected the resource `\(expected.name)`, found another"))
                }
            case let other?: wrongKind(path, expected: "a resource", found: other)
            // Interfaces share resources by `use`; a host that defines the resource once need not repeat it.
            case nil: continue
            }
        }
        for guest in guests {
            let found = guest.found.pointee.instance
            let comparison = FunctionComparison(
                expected: plan.types, expectedResources: resources, found: found.pre.component.plan.types,
                foundResources: found.resourceTypes)
            if let difference = comparison.difference(expected: guest.expected, found: guest.found.pointee.type) {
                problems.add(LinkError.mismatch(guest.name, difference))
            }
        }
        guard problems.count == 0 else { throw problems }
        self.functions = functions
        mayWait = plan.trampolines.contains { trampoline in
            guard case .lower(let item, _, _, let isAsync) = trampoline.kind, case .imported(let index) = item.source
            else {
                return false
            }
            switch functions[index] {
            case .host(let host): return !(isAsync && host.isAsync)
            case .guest(let reference): return reference.function.pointee.instance.pre.mayWait
            }
        }
        hosts = plan.trampolines.map { trampoline in
            guard case .lower(let item, let layout, _, _) = trampoline.kind, case .imported(let index) = item.source,
                case .host(let host) = functions[index]
            else { return nil }
            return host.direct(layout)
        }
        self.modules = modules
        self.resources = resources
        hostResources = plan.resources.reduce(into: [:]) { hosts, resource in
            if let type = resources[resource.type.index], let host = type.hostType { hosts[host] = type }
        }
        carrier = component.engine.carriesImports ? ImportCarrier(component, functions) : nil
        writtenPages = WrittenPages(component)
    }

    /// Makes an instance in `store`.
    /// - Throws: ``LinkError`` for an import that only an instance of another store can satisfy, ``EngineError`` when the store
    ///   belongs to another engine, ``CallError`` when another thread is inside the store, ``Trap`` when the component's start
    ///   code stops or a limit of the store is reached, or what a host function threw.
    public func instantiate(in store: Store) throws -> Instance {
        guard store.engine === component.engine else { throw EngineError.otherEngine() }
        let state = try InstanceState(self, store)
        return Instance(state, component.plan.exports)
    }
}
