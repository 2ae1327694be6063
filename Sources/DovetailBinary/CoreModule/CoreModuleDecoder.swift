// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

extension CoreModuleBinary {
    /// Decodes the core module in `range` of `bytes`; all of them, when it is `nil`.
    ///
    /// - Throws: a ``BinaryError`` when they follow not the grammar of the format. Code is not looked at, except for
    ///   constant expressions.
    package static func decode(_ bytes: [UInt8], range: Range<Int>? = nil) throws(BinaryError) -> CoreModuleBinary {
        let result = bytes.withUnsafeBytes { buffer -> Result<CoreModuleBinary, BinaryError> in
            var decoder = CoreModuleDecoder(bytes: bytes, buffer: buffer)
            do throws(BinaryError) {
                try decoder.decode(range)
                return .success(decoder.module)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// Reads the sections of a core module.
private struct CoreModuleDecoder {
    let bytes: [UInt8]
    let buffer: UnsafeRawBufferPointer
    var module = CoreModuleBinary()
    /// The types of the functions whose code follows later.
    private var functionTypes: [UInt32] = []
    private var dataCount: Int?

    init(bytes: [UInt8], buffer: UnsafeRawBufferPointer) {
        self.bytes = bytes
        self.buffer = buffer
    }

    mutating func decode(_ range: Range<Int>?) throws(BinaryError) {
        let outline = try CoreModuleOutline(buffer, range: range)
        for section in outline.sections {
            var part = ByteReader(buffer, range: section.range)
            try read(section.id, &part)
            try part.finish("core section")
        }
        let end = range?.upperBound ?? buffer.count
        guard module.functions.count == functionTypes.count else {
            throw .malformed(
                "\(functionTypes.count) functions have a type, and \(module.functions.count) have code", at: end)
        }
        guard dataCount == nil || dataCount == module.data.count else {
            throw .malformed("\(dataCount ?? 0) data segments are counted, and \(module.data.count) follow", at: end)
        }
        module.countsDataSegments = dataCount != nil
        place(outline)
    }

    /// Gives each custom section its place among the others, both of which are in the order of the file.
    private mutating func place(_ outline: CoreModuleOutline) {
        var place = CoreCustomSection.Place.begin
        var sections = outline.sections[...]
        for custom in outline.customSections {
            while let section = sections.first, section.range.lowerBound < custom.offset {
                place = CoreCustomSection.Place(sectionID: section.id)
                sections.removeFirst()
            }
            module.customSections.append(
                CoreCustomSection(name: custom.name, payload: bytes[custom.range], place: place))
        }
    }

    private mutating func read(_ id: UInt8, _ part: inout ByteReader) throws(BinaryError) {
        switch id {
        case 8:
            module.start = try part.u32("a function's index")
            return
        case 12:
            dataCount = Int(try part.u32("a number of data segments"))
            return
        default: break
        }
        let count = try part.count("items of a core section", maximum: Limits.sectionItems)
        for index in 0..<count {
            switch id {
            case 1: module.types.append(try part.coreRecursionGroup())
            case 2:
                try part.coreImports { item, _ throws(BinaryError) in module.imports.append(item) }
            case 3: functionTypes.append(try part.u32("a type index"))
            case 4:
                let table = try part.coreTable()
                module.tables.append(
                    CoreTableDefinition(type: table.type, initializer: table.initializer.map { bytes[$0] }))
            case 5: module.memories.append(try part.coreMemoryType())
            case 13: module.tags.append(try part.coreTagType())
            case 6:
                let global = try part.coreGlobal()
                module.globals.append(
                    CoreGlobalDefinition(type: global.type, initializer: bytes[global.initializer]))
            case 7: module.exports.append(try part.coreModuleExport())
            case 9: module.elements.append(try element(&part))
            case 10: try function(index, &part)
            case 11: module.data.append(try data(&part))
            default: throw .unknownSection(id, of: "core module", at: part.offset)
            }
        }
    }

    private mutating func function(_ index: Int, _ part: inout ByteReader) throws(BinaryError) {
        let start = part.offset
        let size = Int(try part.u32("the size of a function"))
        let body = try part.skip(size, "a function")
        guard index < functionTypes.count else {
            throw .malformed("only \(functionTypes.count) functions have a type, but more have code", at: start)
        }
        module.functions.append(CoreFunctionDefinition(type: functionTypes[index], body: bytes[body]))
    }

    private func element(_ part: inout ByteReader) throws(BinaryError) -> CoreElementSegment {
        let start = part.offset
        let flags = try part.u32("an element segment")
        guard flags <= 7 else { throw .malformed("unknown kind \(flags) of an element segment", at: start) }
        let mode: CoreElementSegment.Mode
        switch flags & 0x03 {
        case 0: mode = .active(table: 0, offset: bytes[try part.coreConstantExpression()])
        case 1: mode = .passive
        case 2:
            let table = try part.u32("a table's index")
            mode = .active(table: table, offset: bytes[try part.coreConstantExpression()])
        default: mode = .declarative
        }
        let hasType = flags & 0x03 != 0
        if flags & 0x04 == 0 {
            if hasType { try part.reserved("the kind of elements") }
            let indices = try part.vector("elements", maximum: Limits.sectionItems) {
                part throws(BinaryError) -> UInt32 in
                try part.u32("a function's index")
            }
            return CoreElementSegment(mode: mode, items: .functions(indices))
        }
        let type =
            hasType
            ? try part.coreReferenceType()
            : CoreReferenceType(isNullable: true, heapType: .abstract(.function, isShared: false))
        let expressions = try part.vector("elements", maximum: Limits.sectionItems) {
            part throws(BinaryError) -> ArraySlice<UInt8> in bytes[try part.coreConstantExpression()]
        }
        return CoreElementSegment(mode: mode, items: .expressions(type, expressions))
    }

    private func data(_ part: inout ByteReader) throws(BinaryError) -> CoreDataSegment {
        let start = part.offset
        let mode: CoreDataSegment.Mode
        switch try part.u32("a data segment") {
        case 0: mode = .active(memory: 0, offset: bytes[try part.coreConstantExpression()])
        case 1: mode = .passive
        case 2:
            let memory = try part.u32("a memory's index")
            mode = .active(memory: memory, offset: bytes[try part.coreConstantExpression()])
        case let other: throw .malformed("unknown kind \(other) of a data segment", at: start)
        }
        let size = Int(try part.u32("the size of a data segment"))
        return CoreDataSegment(mode: mode, bytes: bytes[try part.skip(size, "a data segment")])
    }
}

extension CoreCustomSection.Place {
    /// Behind the section of that code.
    fileprivate init(sectionID: UInt8) {
        switch sectionID {
        case 1: self = .types
        case 2: self = .imports
        case 3: self = .functions
        case 4: self = .tables
        case 5: self = .memories
        case 13: self = .tags
        case 6: self = .globals
        case 7: self = .exports
        case 8: self = .start
        case 9: self = .elements
        case 12: self = .dataCount
        case 10: self = .code
        default: self = .end
        }
    }
}
