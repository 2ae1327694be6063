// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader
import DovetailTypes

/// The type of a core module; the indices in it are those of a ``CoreTypeStore``.
package final class ModuleNode: Sendable {
    package struct Import: Sendable {
        package let module: String
        package var name: String
        package var type: CoreExternType
    }

    package let imports: [Import]
    package let exports: NamedList<CoreExternType>
    /// Whether code of the module can hold references to objects that the engine collects.
    let hasCollectedReferences: Bool
    private let positions: [ImportName: Int]

    /// The two names of an import, compared byte by byte.
    struct ImportName: Hashable, Sendable {
        let module: ExactName
        var name: ExactName

        init(_ module: String, _ name: String) {
            self.module = ExactName(module)
            self.name = ExactName(name)
        }
    }

    init(imports: [Import], exports: NamedList<CoreExternType>, hasCollectedReferences: Bool = false) {
        self.hasCollectedReferences = hasCollectedReferences
        self.imports = imports
        self.exports = exports
        positions = Dictionary(
            imports.enumerated().map { (ImportName($1.module, $1.name), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The import of these names.
    func `import`(_ module: String, _ name: String) -> Import? {
        positions[ImportName(module, name)].map { imports[$0] }
    }

    var facts: TypeFacts {
        TypeFacts(weight: min(1 + imports.count + exports.count, Limits.typeSize + 1))
    }
}

extension CoreExternType {
    var description: String {
        switch self {
        case .function: "function"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        }
    }

    package func mapIndices(_ map: (UInt32) throws(BinaryError) -> UInt32) throws(BinaryError) -> CoreExternType {
        switch self {
        case .function(let index, let isExact): return .function(typeIndex: try map(index), isExact: isExact)
        case .tag(let index): return .tag(typeIndex: try map(index))
        case .table(var type):
            type.element = try type.element.mapIndices(map)
            return .table(type)
        case .global(var type):
            type.type = try type.type.mapIndices(map)
            return .global(type)
        case .memory: return self
        }
    }
}

/// Reads what a core module imports and exports. What is inside of it is the engine's to validate.
struct CoreModuleReader {
    private var types: [Scope.CoreType] = []
    private var functions: [CoreTypeStore.ID] = []
    private var tables: [CoreTableType] = []
    private var memories: [CoreMemoryType] = []
    private var globals: [CoreGlobalType] = []
    private var tags: [CoreTypeStore.ID] = []
    private var imports: [ModuleNode.Import] = []
    private var importNames: Set<ModuleNode.ImportName> = []
    private var exports = NamedList<CoreExternType>()
    private let isInComponent: Bool

    private init(isInComponent: Bool) { self.isInComponent = isInComponent }

    /// Reads the module in `range`; one in a component may not import two things of the same names.
    static func read(
        _ bytes: UnsafeRawBufferPointer, range: Range<Int>, store: inout CoreTypeStore, isInComponent: Bool = true
    ) throws(BinaryError) -> ModuleNode {
        let outline = try CoreModuleOutline(bytes, range: range)
        var module = CoreModuleReader(isInComponent: isInComponent)
        for section in outline.sections where section.id <= 7 || section.id == 13 {
            try module.section(section.id, ByteReader(bytes, range: section.range), &store)
        }
        let collected = module.types.contains { type in
            guard case .type(let id) = type, case .function = store[id].composite else { return true }
            return false
        }
        return ModuleNode(
            imports: module.imports, exports: module.exports,
            hasCollectedReferences: collected || !module.tags.isEmpty)
    }

    private mutating func section(
        _ id: UInt8, _ part: ByteReader, _ store: inout CoreTypeStore
    ) throws(BinaryError) {
        var part = part
        let count = try part.count("items of a core section", maximum: Limits.sectionItems)
        switch id {
        case 1:
            for _ in 0..<count {
                let start = part.offset
                let group = try part.coreRecursionGroup()
                types += try store.add(group, space: types, at: start).map { .type($0) }
            }
        case 2:
            for _ in 0..<count {
                try part.coreImports { item, offset throws(BinaryError) in try add(item, at: offset) }
            }
        case 3: for _ in 0..<count { functions.append(try type(part.u32("a type index"), at: part.offset)) }
        case 4: for _ in 0..<count { try table(&part) }
        case 5: for _ in 0..<count { memories.append(try part.coreMemoryType()) }
        case 13: for _ in 0..<count { tags.append(try type(part.coreTagType(), at: part.offset)) }
        case 6:
            for _ in 0..<count {
                var global = try part.coreGlobal().type
                try store.check(global.type, at: part.offset)
                global.type = try global.type.mapIndices(resolver(at: part.offset))
                globals.append(global)
            }
        case 7: for _ in 0..<count { try export(&part) }
        default: return
        }
        try part.finish("core section")
    }

    private func type(_ index: UInt32, at offset: Int) throws(BinaryError) -> CoreTypeStore.ID {
        guard Int(index) < types.count, case .type(let id) = types[Int(index)] else {
            throw .unknownIndex(index, "type of the core module", count: types.count, at: offset)
        }
        return id
    }

    private func resolver(at offset: Int) -> (UInt32) throws(BinaryError) -> UInt32 {
        { index throws(BinaryError) in try type(index, at: offset) }
    }

    private mutating func add(_ item: CoreModuleImport, at offset: Int) throws(BinaryError) {
        let (module, name) = (item.module, item.name)
        let type = try item.type.mapIndices(resolver(at: offset))
        // A component could not tell such imports apart.
        guard importNames.insert(ModuleNode.ImportName(module, name)).inserted || !isInComponent else {
            throw .name("duplicate import name `\(module):\(name)`", at: offset)
        }
        imports.append(ModuleNode.Import(module: module, name: name, type: type))
        switch type {
        case .function(let id, _): functions.append(id)
        case .table(let table): tables.append(table)
        case .memory(let memory): memories.append(memory)
        case .global(let global): globals.append(global)
        case .tag(let id): tags.append(id)
        }
    }

    private mutating func table(_ part: inout ByteReader) throws(BinaryError) {
        var table = try part.coreTable().type
        table.element = try table.element.mapIndices(resolver(at: part.offset))
        tables.append(table)
    }

    private mutating func export(_ part: inout ByteReader) throws(BinaryError) {
        let start = part.offset
        let export = try part.coreModuleExport()
        let (name, sort, index) = (export.name, export.item.sort, export.item.index)
        func item<Item>(_ space: [Item]) throws(BinaryError) -> Item {
            guard Int(index) < space.count else {
                throw .unknownIndex(index, "\(sort)", count: space.count, at: start)
            }
            return space[Int(index)]
        }
        let type: CoreExternType
        switch sort {
        case .function: type = .function(typeIndex: try item(functions), isExact: false)
        case .table: type = .table(try item(tables))
        case .memory: type = .memory(try item(memories))
        case .global: type = .global(try item(globals))
        case .tag: type = .tag(typeIndex: try item(tags))
        case .type, .module, .instance: throw .malformed("a core module cannot export a \(sort)", at: start)
        }
        guard exports.add(name, type) else {
            throw .invalid("core module exports `\(name)` twice", at: start)
        }
    }
}
