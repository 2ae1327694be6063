// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Where the items of a resolved graph stand in the texts.
package struct GraphPlaces: Sendable {
    /// The places of the graph's types, interfaces and worlds, beside its arrays.
    var types: [SourceSpan?] = []
    var interfaces: [SourceSpan?] = []
    var worlds: [SourceSpan?] = []
    /// The places of packages, functions, imports and exports.
    var others: [GraphItem: SourceSpan] = [:]

    /// The places after items of the graph have moved, in a graph that may have others besides.
    func moved(by map: GraphMap, to graph: PackageGraph) -> GraphPlaces {
        func moved(_ spans: [SourceSpan?], _ count: Int, _ position: (Int) -> Int) -> [SourceSpan?] {
            var result = [SourceSpan?](repeating: nil, count: count)
            for (index, span) in spans.enumerated() { result[position(index)] = span }
            return result
        }
        var result = GraphPlaces()
        result.types = moved(types, graph.types.definitions.count) { map.map(TypeID($0)).index }
        result.interfaces = moved(interfaces, graph.interfaces.count) { map.map(InterfaceID($0)).index }
        result.worlds = moved(worlds, graph.worlds.count) { map.map(WorldID($0)).index }
        for (item, span) in others {
            let item: GraphItem =
                switch item {
                case .package(let id): .package(map.map(id))
                case .interface(let id): .interface(map.map(id))
                case .world(let id): .world(map.map(id))
                case .type(let id): .type(map.map(id))
                case .function(let id, let name): .function(map.map(id), name)
                case .worldItem(let id, let key, let isImport):
                    .worldItem(map.map(id), map.map(key), isImport: isImport)
                }
            result.others[item] = span
        }
        return result
    }

    /// The place of the name of `item`; that of the enclosing item when it has none.
    package func span(of item: GraphItem, in graph: PackageGraph) -> SourceSpan? {
        switch item {
        case .package: return others[item]
        case .interface(let id): return interfaces.indices.contains(id.index) ? interfaces[id.index] : nil
        case .world(let id): return worlds.indices.contains(id.index) ? worlds[id.index] : nil
        case .type(let id):
            if types.indices.contains(id.index), let span = types[id.index] { return span }
            switch graph.types[id].owner {
            case .none: return nil
            case .interface(let owner): return span(of: .interface(owner), in: graph)
            case .world(let owner): return span(of: .world(owner), in: graph)
            }
        case .function(let owner, _): return others[item] ?? span(of: .interface(owner), in: graph)
        case .worldItem(let owner, _, _): return others[item] ?? span(of: .world(owner), in: graph)
        }
    }
}

extension WITError {
    /// An error about an item of a graph that cannot be encoded, at its place when the graph is that of `resolution`.
    package init(_ message: String, about item: GraphItem, of graph: PackageGraph, at resolution: WIT.Resolution?) {
        let words = graph.words(for: item)
        let notes = message.contains(words) ? [] : [Diagnostic.Note("in \(words)")]
        let span = resolution.flatMap { $0.places.span(of: item, in: $0.graph) }
        self.init(
            code: .encoding, diagnostics: [Diagnostic(message, at: span, notes: notes)],
            sources: resolution?.sources ?? SourceMap())
    }
}
