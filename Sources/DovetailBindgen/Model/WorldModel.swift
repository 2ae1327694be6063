// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
package import DovetailWITReader

/// A world as generators see it: what there is and who owns it. All names are WIT's; each output maps them to its own.
package final class WorldModel {
    package let graph: PackageGraph
    let world: World
    /// The full name, for messages and comments.
    package let qualifiedName: String
    package let layouts: LayoutCache
    package let facts: TypeFacts
    /// The first one is the world itself, with what it imports.
    package let namespaces: [Namespace]
    /// The functions that the world itself exports.
    package let exportedFunctions: [Signature]
    private let positions: NamespacePositions
    private var implementers: [TypeID: [Scope: Side]] = [:]

    /// - Throws: ``BindgenError`` when a type is too large to be written.
    package init(_ graph: PackageGraph, _ id: WorldID, _ options: BindgenOptions) throws(BindgenError) {
        var builder = WorldModelBuilder(graph, graph[id], options)
        builder.build()
        self.graph = graph
        world = graph[id]
        qualifiedName = graph.qualifiedName(of: id)
        layouts = LayoutCache(graph.types)
        facts = builder.facts
        namespaces = builder.namespaces
        exportedFunctions = builder.exportedFunctions
        positions = builder.positions
        try checkSizes()
    }

    /// The scope of what a namespace declares.
    package func scope(_ index: Int) -> Scope { Scope(index: index, direction: namespaces[index].direction) }

    /// The namespace that declares a named type, as seen from `scope`.
    package func place(of id: TypeID, from scope: Scope) -> Int? {
        positions.place(of: graph.types[id].owner, from: scope, in: namespaces[scope.index].interface)
    }

    /// The namespace whose type a type of the namespace at `index` is another name for: what an interface says that is
    /// imported and exported is one type, unless handles make it two.
    package func twin(of id: TypeID, in index: Int) -> Int? {
        guard namespaces[index].direction == .exported, !facts.holdsHandles(.defined(id)),
            let twin = namespaces[index].interface.flatMap({ positions.imported[$0] })
        else { return nil }
        if case .library(let provision) = namespaces[twin].origin, !provision.has(graph.types[id].name) { return nil }
        return twin
    }

    /// Who implements a resource, as seen from `scope`.
    package func implementer(of id: TypeID, from scope: Scope) -> Side {
        if let known = implementers[id]?[scope] { return known }
        var (name, origin) = (id, scope)
        // What a world or an imported interface takes by `use` is imported, whoever speaks of it.
        while let place = place(of: name, from: origin) {
            origin = self.scope(place)
            guard case .alias(.defined(let target)) = graph.types[name].kind else { break }
            name = target
        }
        let side: Side = origin.direction == .imported ? .host : .guest
        implementers[id, default: [:]][scope] = side
        return side
    }

    /// Whether an argument of the type is a handle that hands a resource over.
    func isOwned(_ type: ValueType) -> Bool {
        guard case .defined(let id) = type, graph.types[id].name == nil, case .own = graph.types[id].kind else {
            return false
        }
        return true
    }
}

extension WorldModel {
    /// Names types that would be written out too often.
    private func checkSizes() throws(BindgenError) {
        for namespace in namespaces {
            let prefix = namespace.externName.map { $0 + "#" } ?? ""
            for id in namespace.types where isLarge(graph.types[id].kind) {
                throw .tooLarge("`\(prefix)\(graph.types[id].name ?? "")`", limit: TypeFacts.mostParts)
            }
            try checkSizes(namespace.functions + namespace.resources.flatMap(\.methods), prefix)
        }
        try checkSizes(exportedFunctions, "")
    }

    /// Whether a part of a declared type is too large; how many fields or cases there are is no matter.
    private func isLarge(_ kind: TypeKind) -> Bool {
        switch kind {
        case .tuple(let parts) where parts.count > TypeFacts.mostParts: true
        default: kind.parts.contains { facts.size(of: $0) > TypeFacts.mostParts }
        }
    }

    private func checkSizes(_ signatures: [Signature], _ prefix: String) throws(BindgenError) {
        for function in signatures.map(\.definition) {
            for parameter in function.parameters where facts.size(of: parameter.type) > TypeFacts.mostParts {
                throw .tooLarge("`\(parameter.name)` of `\(prefix)\(function.name)`", limit: TypeFacts.mostParts)
            }
            if let result = function.result, facts.size(of: result) > TypeFacts.mostParts {
                throw .tooLarge("the result of `\(prefix)\(function.name)`", limit: TypeFacts.mostParts)
            }
        }
    }
}
