// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

extension CoreModuleBinary {
    /// The bytes of the module. Numbers get their shortest form; code, data and custom sections stay as they are.
    package func encoded() -> [UInt8] {
        var encoder = CoreModuleEncoder(module: self)
        return encoder.encode()
    }
}

private struct CoreModuleEncoder {
    let module: CoreModuleBinary
    private var writer = ByteWriter()
    /// The custom sections that are not written yet, those that come first first.
    private var customSections: ArraySlice<CoreCustomSection>

    init(module: CoreModuleBinary) {
        self.module = module
        let order = module.customSections.indices.sorted {
            (module.customSections[$0].place, $0) < (module.customSections[$1].place, $1)
        }
        customSections = order.map { module.customSections[$0] }[...]
    }

    mutating func encode() -> [UInt8] {
        let module = module
        let code = module.functions.reduce(16) { $0 + $1.body.count + 5 }
        let data = module.data.reduce(16) { $0 + $1.bytes.count + 16 }
        writer.reserve(code + data + module.customSections.reduce(1 << 12) { $0 + $1.payload.count })
        writer.raw(CoreModuleSections.emptyModule)
        custom(upTo: .begin)
        section(1, .types, module.types) { $0.coreRecursionGroup($1) }
        section(2, .imports, module.imports) {
            $0.name($1.module)
            $0.name($1.name)
            $0.coreExternType($1.type)
        }
        section(3, .functions, module.functions) { $0.u32($1.type) }
        section(4, .tables, module.tables) { $0.table($1) }
        section(5, .memories, module.memories) { $0.coreMemoryType($1) }
        section(13, .tags, module.tags) {
            $0.byte(0x00)
            $0.u32($1)
        }
        section(6, .globals, module.globals) {
            $0.coreGlobalType($1.type)
            $0.raw($1.initializer)
        }
        section(7, .exports, module.exports) {
            $0.name($1.name)
            $0.byte($1.item.sort.rawValue)
            $0.u32($1.item.index)
        }
        if let start = module.start { section(8) { $0.u32(start) } }
        custom(upTo: .start)
        section(9, .elements, module.elements) { $0.element($1) }
        if module.countsDataSegments { section(12) { $0.count(module.data.count) } }
        custom(upTo: .dataCount)
        section(10, .code, module.functions, size: code) {
            $0.count($1.body.count)
            $0.raw($1.body)
        }
        section(11, .end, module.data, size: data) { $0.data($1) }
        return writer.bytes
    }

    /// Writes a section that has items, and the custom sections behind it; `size` is about how large the section gets.
    private mutating func section<Item>(
        _ id: UInt8, _ place: CoreCustomSection.Place, _ items: [Item], size: Int = 0,
        _ write: (inout ByteWriter, Item) -> Void
    ) {
        if !items.isEmpty {
            section(id) {
                $0.reserve(size)
                $0.vector(items, write)
            }
        }
        custom(upTo: place)
    }

    private mutating func section(_ id: UInt8, _ write: (inout ByteWriter) -> Void) {
        var content = ByteWriter()
        write(&content)
        writer.section(id, content.bytes)
    }

    private mutating func custom(upTo place: CoreCustomSection.Place) {
        while let custom = customSections.first, custom.place <= place {
            writer.customSection(custom.name, custom.payload)
            customSections.removeFirst()
        }
    }
}

extension ByteWriter {
    fileprivate mutating func table(_ table: CoreTableDefinition) {
        if table.initializer != nil { raw([0x40, 0x00]) }
        coreTableType(table.type)
        if let initializer = table.initializer { raw(initializer) }
    }

    fileprivate mutating func element(_ segment: CoreElementSegment) {
        var isFunctions = true
        // The forms that leave out the table and the type are for table 0 and plain function references.
        var isShort = false
        if case .active(let table, _) = segment.mode { isShort = table == 0 }
        if case .expressions(let type, _) = segment.items {
            isFunctions = false
            isShort =
                isShort && type.isNullable && type.heapType == .abstract(.function, isShared: false)
        }
        let kind: UInt8 = isFunctions ? 0 : 0x04
        switch segment.mode {
        case .passive: byte(kind | 0x01)
        case .declarative: byte(kind | 0x03)
        case .active(let table, let offset):
            byte(kind | (isShort ? 0 : 0x02))
            if !isShort { u32(table) }
            raw(offset)
        }
        switch segment.items {
        case .functions(let indices):
            if !isShort { byte(0x00) }
            vector(indices) { $0.u32($1) }
        case .expressions(let type, let expressions):
            if !isShort { coreReferenceType(type) }
            vector(expressions) { $0.raw($1) }
        }
    }

    fileprivate mutating func data(_ segment: CoreDataSegment) {
        switch segment.mode {
        case .active(let memory, let offset):
            byte(memory == 0 ? 0 : 2)
            if memory != 0 { u32(memory) }
            raw(offset)
        case .passive: byte(1)
        }
        count(segment.bytes.count)
        raw(segment.bytes)
    }
}
