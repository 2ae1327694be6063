// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension WITResolver {
    /// Adds the interfaces that a world imports implicitly, and sorts its imports: interfaces, types, functions.
    /// (WIT.md, "Transitive imports and worlds")
    func elaborate(_ id: WorldID, at span: SourceSpan) {
        var imports = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in sorted(graph[id].imports) {
            switch item.kind {
            case .interface: addImport(key, item, to: &imports, at: span)
            case .function: imports[key] = item
            case .type(let type):
                if let dependency = graph.interfaceDependency(of: type) {
                    let stability = graph.types[type].stability
                    addImport(
                        .interface(dependency), WorldItem(.interface(dependency), stability: stability), to: &imports,
                        at: span)
                }
                imports[key] = item
            }
        }
        var exports = OrderedMap<WorldKey, WorldItem>()
        var interfaces = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in graph[id].exports {
            if case .interface = item.kind { interfaces[key] = item } else { exports[key] = item }
        }
        var required: Set<InterfaceID> = []
        for (key, item) in interfaces {
            let isValid = addExport(
                key, item, isExport: true, &imports, &exports, interfaces, &required, depth: 0, at: span)
            if !isValid {
                diagnostics.add(.transitiveConflict(graph.externName(of: key), at: span))
                return
            }
        }
        var result = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in sorted(imports) { result[key] = item }
        graph[id].imports = result
        graph[id].exports = exports
    }

    private func sorted(_ items: OrderedMap<WorldKey, WorldItem>) -> [(WorldKey, WorldItem)] {
        var classes: [[(WorldKey, WorldItem)]] = Array(repeating: [], count: 5)
        for (key, item) in items { classes[order(item)].append((key, item)) }
        return Array(classes.joined())
    }

    private func order(_ item: WorldItem) -> Int {
        switch item.kind {
        case .interface: return 0
        case .type(let id):
            let type = graph.types[id]
            if case .alias(.defined(let target)) = type.kind, graph.types[target].owner != type.owner { return 1 }
            return 2
        case .function(let function): return function.owner == .none ? 3 : 4
        }
    }

    private func addImport(
        _ key: WorldKey, _ item: WorldItem, to imports: inout OrderedMap<WorldKey, WorldItem>, depth: Int = 0,
        at span: SourceSpan
    ) {
        guard case .interface(let id) = item.kind, imports[key] == nil else { return }
        guard depth < Self.maximumDepth else { return diagnostics.add(.dependencyTooDeep(at: span)) }
        guard spend(at: span) else { return }
        for dependency in graph.dependencies(of: id) {
            addImport(
                .interface(dependency), WorldItem(.interface(dependency), stability: item.stability), to: &imports,
                depth: depth + 1, at: span)
        }
        imports[key] = item
    }

    /// Adds an exported interface behind what it uses; `false` when it would see one interface as import and export.
    private func addExport(
        _ key: WorldKey, _ item: WorldItem, isExport: Bool, _ imports: inout OrderedMap<WorldKey, WorldItem>,
        _ exports: inout OrderedMap<WorldKey, WorldItem>, _ interfaces: OrderedMap<WorldKey, WorldItem>,
        _ required: inout Set<InterfaceID>, depth: Int, at span: SourceSpan
    ) -> Bool {
        if exports[key] != nil { return isExport }
        guard case .interface(let id) = item.kind else { return true }
        if !isExport, required.contains(id) { return true }
        guard depth < Self.maximumDepth else {
            diagnostics.add(.dependencyTooDeep(at: span))
            return true
        }
        guard spend(at: span) else { return true }
        for dependency in graph.dependencies(of: id) {
            let key = WorldKey.interface(dependency)
            let item = WorldItem(.interface(dependency), stability: item.stability, externalID: item.externalID)
            let isValid = addExport(
                key, item, isExport: isExport && interfaces[key] != nil, &imports, &exports, interfaces, &required,
                depth: depth + 1, at: span)
            if !isValid { return false }
        }
        if isExport {
            guard !required.contains(id) else { return false }
            exports[key] = item
        } else {
            required.insert(id)
            if imports[key] == nil { imports[key] = item }
        }
        return true
    }
}

extension PackageGraph {
    /// The other interface that a type is taken from by `use`, if it is.
    package func interfaceDependency(of id: TypeID) -> InterfaceID? {
        let type = types[id]
        guard case .alias(.defined(let target)) = type.kind, types[target].owner != type.owner,
            case .interface(let owner) = types[target].owner
        else { return nil }
        return owner
    }

    /// The interfaces that an interface uses types of; one may come more than once.
    package func dependencies(of id: InterfaceID) -> [InterfaceID] {
        self[id].types.values.compactMap(interfaceDependency)
    }
}
