// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension TypeKind {
    /// The definitions that a type refers to directly.
    package var references: [TypeID] {
        if case .own(let id) = self { return [id] }
        if case .borrow(let id) = self { return [id] }
        return parts.compactMap { if case .defined(let id) = $0 { id } else { nil } }
    }
}

extension PackageGraph {
    /// Sorts packages, interfaces and types so that each comes after what it depends on, and returns the new positions.
    ///
    /// - Throws: when packages depend on each other in a circle.
    @discardableResult
    package mutating func sort() throws(WITError) -> GraphMap {
        let typeOrder = try order(types.definitions.map { $0.kind.references.map(\.index) }) { types[TypeID($0)].name }
        let interfaceEdges = interfaces.indices.map { dependencies(of: InterfaceID($0)).map(\.index) }
        let interfaceOrder = try order(interfaceEdges) { qualifiedName(of: InterfaceID($0)) }
        let packageOrder = try order(packageEdges(interfaceEdges)) { packages[$0].name.description }

        var map = GraphMap(of: self)
        for (new, old) in typeOrder.enumerated() { map.types[old] = TypeID(new) }
        for (new, old) in interfaceOrder.enumerated() { map.interfaces[old] = InterfaceID(new) }
        for (new, old) in packageOrder.enumerated() { map.packages[old] = PackageID(new) }
        var sorted = PackageGraph()
        for old in typeOrder { _ = sorted.types.append(map.map(types.definitions[old])) }
        sorted.interfaces = interfaceOrder.map { map.map(interfaces[$0]) }
        sorted.worlds = worlds.map { map.map($0) }
        sorted.packages = packageOrder.map { map.map(packages[$0]) }
        self = sorted
        return map
    }

    private func order(_ edges: [[Int]], name: (Int) -> String?) throws(WITError) -> [Int] {
        let (order, cycle) = TopologicalSort.order(edges)
        if let cycle { throw WITError(.circle(name(cycle.node), name(edges[cycle.node][cycle.edge]))) }
        return order
    }

    /// The other packages that each one refers to.
    private func packageEdges(_ interfaceEdges: [[Int]]) -> [[Int]] {
        var edges = [Set<Int>](repeating: [], count: packages.count)
        func add(_ from: PackageID?, _ to: PackageID?) {
            if let from, let to, from != to { edges[from.index].insert(to.index) }
        }
        for (index, targets) in interfaceEdges.enumerated() {
            for target in targets { add(interfaces[index].package, interfaces[target].package) }
        }
        for world in worlds {
            for item in world.imports.values + world.exports.values {
                switch item.kind {
                case .interface(let id): add(world.package, self[id].package)
                case .type(let id):
                    if let owner = interfaceDependency(of: id) { add(world.package, self[owner].package) }
                case .function: break
                }
            }
        }
        return edges.map { $0.sorted() }
    }
}
