// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Which way things cross the boundary of the component.
enum Direction: Hashable {
    case imported, exported
}

/// Where Swift declarations go: the type of the world, or a type in it for an imported or exported interface.
struct Namespace {
    /// The interface, `nil` for the world itself.
    var interface: InterfaceID?
    var direction: Direction
    /// The name in the component, with its version; `nil` for the world itself.
    var externName: String?
    /// The Swift name, without those around it.
    var name: String
    /// The Swift type that is used instead of a generated one.
    var external: String?
    /// The types declared here, in order, with their Swift names.
    var types: [(id: TypeID, name: String)] = []
    var typeNames: [TypeID: String] = [:]
    var functions: [FunctionDefinition] = []
    var documentation: String?
    /// Whether DovetailWASI serves it.
    var isProvided = false
    /// The names of Swift types in this scope.
    var typeScope = NameScope()
}

extension Namespace {
    /// The resources declared here, aliases not counted.
    func resources(in graph: PackageGraph) -> [(id: TypeID, name: String)] {
        types.filter { graph.types[$0.id].kind == .resource }
    }

    /// The functions that belong to `resource`, or to none.
    func functions(of resource: TypeID?, in graph: PackageGraph) -> [FunctionDefinition] {
        functions.filter { $0.owner.resource.map { graph.types.resource($0) } == resource }
    }
}
