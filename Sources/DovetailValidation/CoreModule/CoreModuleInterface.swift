// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

/// What a core module imports and exports, with the types behind it: it can be held against one that was read from
/// another file. (Explainer.md, "Core Type Definitions"; WebAssembly 3.0, "Import Matching")
package struct CoreModuleInterface: Sendable {
    let node: ModuleNode
    let store: CoreTypeStore

    /// Whether code of the module can hold references to objects that the engine collects: structures, arrays, exceptions.
    package var hasCollectedReferences: Bool { node.hasCollectedReferences }

    init(node: ModuleNode, store: CoreTypeStore) {
        self.node = node
        self.store = store
    }

    /// Reads the interface of the core module in `range` of `bytes`; of all of them, when it is `nil`.
    /// - Throws: a ``BinaryError`` when a section that matters cannot be read.
    package init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>? = nil) throws(BinaryError) {
        var store = CoreTypeStore()
        node = try CoreModuleReader.read(bytes, range: range ?? 0..<bytes.count, store: &store, isInComponent: false)
        self.store = store
    }

    /// What a module imports or exports, its type in the text format.
    package struct Item: Equatable, Sendable {
        /// The module that an import comes from; empty for an export.
        package let module: String
        /// The name.
        package var name: String
        /// The type: `(func (param i32))`, `(memory 1)`.
        package var type: String
    }

    /// The imports, in order.
    package var imports: [Item] {
        node.imports.map { Item(module: $0.module, name: $0.name, type: text($0.type)) }
    }

    /// The exports, in order.
    package var exports: [Item] {
        node.exports.entries.map { Item(module: "", name: $0.name, type: text($0.value)) }
    }

    /// A function type, of which a long one is cut: many items may have it.
    private func function(_ id: CoreTypeStore.ID) -> String {
        guard let type = store.function(id) else { return "(func)" }
        guard type.parameters.count + type.results.count > 64 else { return type.description }
        return "(func of \(type.parameters.count) parameters and \(type.results.count) results)"
    }

    private func text(_ type: CoreExternType) -> String {
        func limits(_ limits: CoreLimits) -> String {
            (limits.is64 ? "i64 " : "") + "\(limits.minimum)" + (limits.maximum.map { " \($0)" } ?? "")
                + (limits.isShared ? " shared" : "")
        }
        switch type {
        case .function(let id, _): return function(id)
        case .tag(let id): return "(tag \(function(id)))"
        case .memory(let memory): return "(memory \(limits(memory.limits)))"
        case .table(let table): return "(table \(limits(table.limits)) \(CoreValueType.reference(table.element)))"
        case .global(let global): return "(global \(global.isMutable ? "(mut \(global.type))" : "\(global.type)"))"
        }
    }

    /// What an import or export is, with as much of its type as calls need.
    package enum Kind: Equatable, Sendable {
        case function(CoreFunctionType)
        case table, global, tag
        case memory(is64: Bool, isShared: Bool)
    }

    /// The imports, in order, as calls see them.
    package var importKinds: [(module: String, name: String, kind: Kind)] {
        node.imports.map { ($0.module, $0.name, kind($0.type)) }
    }

    /// The exports, in order, as calls see them.
    package var exportKinds: [(name: String, kind: Kind)] {
        node.exports.entries.map { ($0.name, kind($0.value)) }
    }

    private func kind(_ type: CoreExternType) -> Kind {
        switch type {
        // Only an index that is no function's has no type, and no valid module has one.
        case .function(let index, _): .function(store.function(index) ?? CoreFunctionType(parameters: [], results: []))
        case .table: .table
        case .memory(let memory): .memory(is64: memory.limits.is64, isShared: memory.limits.isShared)
        case .global: .global
        case .tag: .tag
        }
    }

    /// Why a module with the interface `supplied` cannot stand where this one is expected; `nil` when it can.
    ///
    /// The module may export more and import less, and each item has to match by subtyping.
    package func difference(from supplied: CoreModuleInterface) -> String? {
        do throws(BinaryError) {
            var common = store
            let positions = try common.absorb(supplied.store)
            func translate(_ type: CoreExternType) throws(BinaryError) -> CoreExternType {
                try type.mapIndices { index throws(BinaryError) in positions[Int(index)] }
            }
            var imports: [ModuleNode.Import] = []
            for item in supplied.node.imports {
                imports.append(
                    ModuleNode.Import(module: item.module, name: item.name, type: try translate(item.type)))
            }
            let other = ModuleNode(imports: imports, exports: try supplied.node.exports.mapValues(translate))
            try TypeMatcher(store: common, open: [], at: 0).match(other, node)
            return nil
        } catch {
            return (error.where.path + [error.message]).joined(separator: ": ")
        }
    }
}

extension ValidComponent {
    /// What the core module that begins at `offset` imports and exports.
    package func coreModule(at offset: Int) -> CoreModuleInterface? {
        coreModules[offset].map { CoreModuleInterface(node: $0, store: coreTypes) }
    }

    /// The type of the core module that the component imports at `path`: an import's name and the exports below it.
    package func importedModule(at path: [String]) -> CoreModuleInterface? {
        guard let first = path.first, var node = type.imports[first] else { return nil }
        for name in path.dropFirst() {
            guard case .instance(let instance) = node, let next = instance.exports[name] else { return nil }
            node = next
        }
        guard case .module(let module) = node else { return nil }
        return CoreModuleInterface(node: module, store: coreTypes)
    }
}
