// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
package import DovetailTypes
import DovetailValidation
import DovetailWITBinary
package import DovetailWITReader

/// Writes the component type of one interface or world, with what it uses of other interfaces as imports.
struct WITTypeEncoder: WITTypeSink {
    let graph: PackageGraph
    let log: WITEncodingLog
    /// The component type and, while one is written, an instance type inside of it. They are changed in their places:
    /// a copy for each change would make large interfaces slow.
    private var scopes: [WITTypeScope]
    /// The interface whose instance type is being written.
    var interface: InterfaceID?
    /// The instances of ``outer`` by interface: where types of other interfaces are found.
    private var instances: [InterfaceID: UInt32] = [:]
    private var instanceCount: UInt32 = 0
    /// The types of other interfaces that ``outer`` has an index for, by their interfaces.
    private var used: [InterfaceID: [TypeID]] = [:]

    private init(graph: PackageGraph, log: WITEncodingLog) {
        self.graph = graph
        self.log = log
        scopes = [WITTypeScope(log: log)]
    }

    /// The scope that is being written.
    var scope: WITTypeScope {
        get { scopes[scopes.count - 1] }
        _modify { yield &scopes[scopes.count - 1] }
    }

    /// The component type.
    var outer: WITTypeScope {
        get { scopes[0] }
        _modify { yield &scopes[0] }
    }

    /// Whether an instance type is being written.
    var isInner: Bool { scopes.count > 1 }

    /// The component type that exports the instance type of `id`.
    static func interface(
        _ id: InterfaceID, in graph: PackageGraph, _ log: WITEncodingLog
    ) throws(BinaryError) -> ComponentTypeDefinition {
        var encoder = WITTypeEncoder(graph: graph, log: log)
        var order: [InterfaceID] = []
        var seen: Set<InterfaceID> = []
        try encoder.visit(id, &order, &seen, depth: 0)
        for other in order where other != id {
            let type = try encoder.instance(other, withFunctions: false)
            try encoder.declare(other, type, isImport: true)
        }
        let type = try encoder.instance(id, withFunctions: true)
        try encoder.declare(id, type, isImport: false)
        return .component(encoder.outer.declarations)
    }

    /// The component type that exports the component type of the world `id`.
    static func world(
        _ id: WorldID, in graph: PackageGraph, _ log: WITEncodingLog
    ) throws(BinaryError) -> ComponentTypeDefinition {
        var encoder = WITTypeEncoder(graph: graph, log: log)
        let world = graph[id]
        for (key, item) in world.imports {
            log.enter(.worldItem(id, key, isImport: true))
            try encoder.add(key, item, isImport: true)
        }
        for (key, item) in world.exports {
            log.enter(.worldItem(id, key, isImport: false))
            try encoder.add(key, item, isImport: false)
        }
        log.enter(.world(id))
        guard let package = world.package else {
            throw .notWIT("world `\(world.name)` is in no package", at: log.place)
        }
        var wrapper = WITTypeScope(log: log)
        let type = try wrapper.define(.component(encoder.outer.declarations))
        try wrapper.declare(
            ExternName(name: graph[package].name.qualified(world.name)), .component(type), isImport: false)
        return .component(wrapper.declarations)
    }

    /// Interfaces that types are used of come before those that use them.
    private func visit(
        _ id: InterfaceID, _ order: inout [InterfaceID], _ seen: inout Set<InterfaceID>, depth: Int
    ) throws(BinaryError) {
        guard seen.insert(id).inserted else { return }
        guard depth < 1_000 else { throw .nestedTooDeeply("interfaces", maximum: 1_000, at: log.place) }
        for type in graph[id].types.values {
            guard case .alias(.defined(let target)) = graph.types[type].kind,
                case .interface(let other) = graph.types[target].owner
            else { continue }
            try visit(other, &order, &seen, depth: depth + 1)
        }
        order.append(id)
    }

    // MARK: - Items of a world

    private mutating func add(_ key: WorldKey, _ item: WorldItem, isImport: Bool) throws(BinaryError) {
        switch item.kind {
        case .type(let id):
            // Only imports declare types.
            if isImport { _ = try value(.defined(id), depth: 0) }
        case .function(let function):
            let type = try self.function(function)
            try outer.declare(
                ExternName(name: function.name, externalID: function.externalID), .function(type), isImport: isImport)
        case .interface(let id):
            let type = try instance(id, withFunctions: true)
            switch key {
            case .interface: try declare(id, type, isImport: isImport, externalID: item.externalID)
            case .name(let name):
                let implements = try graph[id].name.map { _ throws(BinaryError) in try fullName(id) }
                try outer.declare(
                    ExternName(name: name, implements: implements, externalID: item.externalID), .instance(type),
                    isImport: isImport)
                instanceCount += 1
            }
        }
    }

    private func fullName(_ id: InterfaceID) throws(BinaryError) -> String {
        if let package = graph[id].package { try WITEncoder.check(graph[package].name, of: package) }
        guard let name = graph.qualifiedName(of: id) else {
            throw .notWIT("an interface that others use has no name", at: log.place)
        }
        return name
    }

    /// Imports or exports an instance of an interface; its types are found there from now on.
    private mutating func declare(
        _ id: InterfaceID, _ type: UInt32, isImport: Bool, externalID: String? = nil
    ) throws(BinaryError) {
        try outer.declare(
            ExternName(name: try fullName(id), externalID: externalID), .instance(type), isImport: isImport)
        if instances.updateValue(instanceCount, forKey: id) != nil {
            for type in used.removeValue(forKey: id) ?? [] { outer.types[type] = nil }
        }
        instanceCount += 1
    }

    /// Writes the instance type of an interface and gives its index.
    private mutating func instance(_ id: InterfaceID, withFunctions: Bool) throws(BinaryError) -> UInt32 {
        interface = id
        let outerPlace = log.place
        scopes.append(WITTypeScope(log: log))
        for type in graph[id].types.values { _ = try value(.defined(type), depth: 0) }
        if withFunctions {
            for function in graph.functionsInOrder(of: id) {
                log.enter(.function(id, function.name))
                let type = try self.function(function)
                try scope.declare(
                    ExternName(name: function.name, externalID: function.externalID), .function(type), isImport: false)
            }
        }
        let declarations = scopes.removeLast().declarations
        interface = nil
        log.resume(outerPlace)
        return try outer.define(.instance(declarations))
    }

    /// A type of another interface: an alias of what its instance exports.
    mutating func use(_ id: TypeID, of other: InterfaceID) throws(BinaryError) -> UInt32 {
        let index: UInt32
        if case .index(let known)? = outer.types[id] {
            index = known
        } else {
            guard let instance = instances[other], let name = graph.types[id].name else {
                throw .notWIT(
                    "type `\(graph.types[id].name ?? "")` is used before its interface is known", at: log.place)
            }
            index = try outer.alias(.export(instance: instance, name: name))
            outer.types[id] = .index(index)
            used[other, default: []].append(id)
        }
        return try lend(index)
    }

    /// The index that a type of ``outer`` has in the scope that is being written.
    mutating func lend(_ index: UInt32) throws(BinaryError) -> UInt32 {
        isInner ? try scope.alias(.outer(count: 1, index: index)) : index
    }
}

extension PackageGraph {
    /// The functions of an interface in the order in which they are encoded: those of its resources first, and
    /// setters right behind their getters.
    package func functionsInOrder(of id: InterfaceID) -> [FunctionDefinition] {
        let interface = self[id]
        var ofResources: [TypeID: [FunctionDefinition]] = [:]
        var free: [FunctionDefinition] = []
        for function in interface.functions.values {
            if let resource = function.owner.resource {
                ofResources[resource, default: []].append(function)
            } else {
                free.append(function)
            }
        }
        var order: [FunctionDefinition] = []
        for type in interface.types.values { order += ofResources.removeValue(forKey: type) ?? [] }
        return (order + free).withSettersBehindGetters
    }
}

extension [FunctionDefinition] {
    /// The same functions, each setter right behind the getter of its property.
    fileprivate var withSettersBehindGetters: [FunctionDefinition] {
        guard contains(where: { $0.role == .setter }) else { return self }
        var setters: [String: FunctionDefinition] = [:]
        for function in self where function.role == .setter { setters[function.name] = function }
        var result: [FunctionDefinition] = []
        for function in self where function.role != .setter {
            result.append(function)
            guard function.role == .getter, let range = function.name.utf8.firstRange(of: "[get]".utf8) else {
                continue
            }
            let name = function.name.replacingCharacters(in: range)
            if let setter = setters.removeValue(forKey: name) { result.append(setter) }
        }
        return result + filter { setters[$0.name] != nil }
    }
}

extension String {
    /// The name of the setter, given where `[get]` stands.
    fileprivate func replacingCharacters(in range: Range<Index>) -> String {
        String(self[..<range.lowerBound]) + "[set]" + String(self[range.upperBound...])
    }
}
