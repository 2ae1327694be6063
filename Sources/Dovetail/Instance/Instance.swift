// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
import DovetailTypes

/// An instance of a component: its exports, to be called.
public final class Instance {
    /// The store the instance lives in.
    public let store: Store
    let state: InstanceState
    let items: InstanceItems
    /// The component it is an instance of.
    var component: Component { state.component }

    init(_ state: InstanceState, _ items: InstanceItems) {
        store = state.store
        self.state = state
        self.items = items
    }

    /// The names of the exports, in order.
    public var exportNames: [String] { items.names }

    /// The exported function `name`, by itself or in an exported instance.
    ///
    /// - Parameters:
    ///   - name: `add`, or in full `ns:pkg/iface@1.0.0#add`.
    ///   - instance: the exported interface or instance it belongs to; a compatible version of an interface is found too.
    /// - Throws: ``CallError`` when there is no such function, or it is the host's own.
    public func function(_ name: String, in instance: String? = nil) throws(CallError) -> Function {
        let (item, fullName) = try functionItem(name, in: instance)
        return try function(item, name: fullName)
    }

    /// Where an exported function comes from, and its full name.
    func functionItem(_ name: String, in instance: String?) throws(CallError) -> (FunctionItem, name: String) {
        let path = Self.path(name, in: instance)
        let fullName = path.joined(separator: "#")
        guard let found = find(path), case .function(let item) = found else {
            throw .noSuchFunction(fullName, known: functionNames)
        }
        return (item, fullName)
    }

    /// The function that an item of this instance's component represents.
    func function(_ item: FunctionItem, name: String) throws(CallError) -> Function {
        switch item.source {
        case .lifted(let index):
            return Function(name: name, store: store, function: state.lifted(index))
        case .imported(let index):
            guard case .guest(let reference) = state.pre.functions[index] else {
                throw .hostFunction(name)
            }
            return Function(name: name, store: store, function: reference.function)
        }
    }

    private static func path(_ name: String, in instance: String?) -> [String] {
        (instance.map { [$0] } ?? []) + name.split(separator: "#").map(String.init)
    }

    private func find(_ path: [String]) -> Item? {
        var items = items
        for (position, name) in path.enumerated() {
            guard let found = items.find(name) else { return nil }
            if position == path.count - 1 { return found }
            guard case .instance(let nested) = found else { return nil }
            items = nested
        }
        return nil
    }

    /// The full names of all exported functions.
    public var functionNames: [String] {
        func names(_ items: InstanceItems, _ prefix: String) -> [String] {
            items.names.flatMap { name -> [String] in
                switch items[name] {
                case .function: [prefix + name]
                case .instance(let nested): names(nested, prefix + name + "#")
                default: []
                }
            }
        }
        return names(items, "")
    }

    /// The identity of an exported resource type.
    public func resourceType(_ name: String, in instance: String? = nil) -> ResourceType? {
        resourceIndex(name, in: instance).flatMap { state.resourceTypes[$0] }
    }

    /// The index of an exported resource type.
    func resourceIndex(_ name: String, in instance: String?) -> Int? {
        guard case .type(.resource(let id))? = find(Self.path(name, in: instance)) else { return nil }
        return id.index
    }
}

extension InstanceItems {
    /// The item for a name: this very one, else the newest of a compatible version.
    func find(_ name: String) -> Item? {
        if let exact = self[name] { return exact }
        if let wanted = VersionedName(name) {
            return wanted.newestCompatible(among: names).flatMap { self[$0] }
        }
        // A name without a version fits any, when it is the only one.
        let candidates = names.filter { VersionedName($0)?.base ?? "" == name[...] }
        return candidates.count == 1 ? self[candidates[0]] : nil
    }
}
