// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// A component whose imports are satisfied: what remains is the same short work for each instance
/// (wasmtime calls it `InstancePre`).
public final class PreparedComponent: Sendable {
    /// A function import and what stands for it.
    enum Function: Sendable {
        case host(HostFunction)
        case guest(GuestFunctionReference)
    }

    /// The component.
    public let component: Component
    let functions: [Function]
    let modules: [CoreModule]
    /// The types of the imported resources, by the index of their ``TypeID``; others are `nil`.
    let resources: [ResourceType?]

    init(_ component: Component, _ definitions: DefinitionTree) throws {
        self.component = component
        let plan = component.plan
        var problems: [LinkError.Problem] = []
        var functions: [Function] = []
        var modules: [CoreModule] = []
        var resources = [ResourceType?](repeating: nil, count: plan.types.definitions.count)

        func find(_ path: [String]) -> Definition? {
            var tree = definitions
            for (position, name) in path.enumerated() {
                guard let found = tree.find(name) else { return nil }
                if position == path.count - 1 { return found }
                guard case .instance(let nested) = found else { return nil }
                tree = nested
            }
            return nil
        }
        func missing(_ path: [String], _ expected: String) {
            problems.append(
                LinkError.missing(
                    path.joined(separator: "#"), expected: expected, nearest: definitions.nearest(path[0])))
        }

        for function in plan.imports.functions {
            let name = function.path.joined(separator: "#")
            switch find(function.path) {
            case .function(let host)?:
                if let difference = host.difference(from: function.type, in: plan.types) {
                    problems.append(LinkError.mismatch(name, difference))
                }
                functions.append(.host(host))
            case .guest(let reference)?: functions.append(.guest(reference))
            case let other?:
                problems.append(
                    LinkError.wrongKind(name, expected: "a function", found: other.kindName))
            case nil: missing(function.path, "function")
            }
        }
        for module in plan.imports.modules {
            let name = module.path.joined(separator: "#")
            switch find(module.path) {
            case .module(let core)?:
                if let difference = module.type.difference(from: core) {
                    problems.append(LinkError.mismatch(name, difference))
                }
                modules.append(core)
            case let other?:
                problems.append(LinkError.wrongKind(name, expected: "a core module", found: other.kindName))
            case nil: missing(module.path, "core module")
            }
        }
        for resource in plan.resources {
            guard case .imported(let path) = resource.origin else { continue }
            switch find(path) {
            case .resource(let type)?: resources[resource.type.index] = type
            case let other?:
                problems.append(
                    LinkError.wrongKind(
                        path.joined(separator: "#"), expected: "a resource", found: other.kindName))
            case nil: missing(path, "resource")
            }
        }
        for (path, index) in plan.imports.resourceAliases {
            let expected = resources[plan.resources[index].type.index]
            switch find(path) {
            case .resource(let type)?:
                if let expected, expected !== type {
                    problems.append(
                        LinkError.mismatch(
                            path.joined(separator: "#"), "expected the resource `\(expected.name)`, found another"))
                }
            case let other?:
                problems.append(
                    LinkError.wrongKind(path.joined(separator: "#"), expected: "a resource", found: other.kindName))
            // Interfaces share resources by `use`; a host that defines the resource once need not repeat it.
            case nil: continue
            }
        }
        guard problems.isEmpty else { throw LinkError(problems: problems) }
        self.functions = functions
        self.modules = modules
        self.resources = resources
    }

    /// Makes an instance in `store`.
    /// - Throws: ``Trap`` or whatever the component's start code runs into.
    public func instantiate(in store: Store) throws -> Instance {
        precondition(store.engine === component.engine, "component and store belong to different engines")
        let state = try InstanceState(self, store)
        return Instance(state, component.plan.exports)
    }
}

extension ModuleType {
    /// How a module differs from what the type promises; `nil` when it fits.
    func difference(from module: CoreModule) -> String? {
        for (name, type) in exports.sorted(by: { $0.key < $1.key }) {
            let wanted = CoreModule.ExternalType(type)
            guard let found = module.exports[name] else { return "expected a module that exports `\(name)`" }
            if !found.fits(wanted) { return "export `\(name)`: expected \(wanted.name), found \(found.name)" }
        }
        for needed in module.imports {
            guard let given = imports.first(where: { $0.module == needed.module && $0.name == needed.name }) else {
                return "the module imports `\(needed.module)` `\(needed.name)`, which its type does not have"
            }
            let type = CoreModule.ExternalType(given.type)
            if !type.fits(needed.type) {
                return "import `\(needed.module)` `\(needed.name)`: expected \(needed.type.name), found \(type.name)"
            }
        }
        return nil
    }
}
