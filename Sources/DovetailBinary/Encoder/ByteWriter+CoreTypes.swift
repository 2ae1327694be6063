// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

// The core type section. (Binary.md, `core:deftype`; WebAssembly 3.0, "Binary Format", "Types")
extension ByteWriter {
    /// A `core:deftype`.
    mutating func coreType(_ definition: CoreTypeDefinition) {
        switch definition {
        case .module(let declarations):
            byte(0x50)
            vector(declarations) { $0.moduleDeclaration($1.value) }
        case .recursive(let group):
            // A non-final subtype is marked, since a module type took its code.
            if group.count == 1, group.first?.isFinal == false { byte(0x00) }
            coreRecursionGroup(group)
        }
    }

    /// A `rectype`.
    mutating func coreRecursionGroup(_ group: [CoreSubtype]) {
        if group.count == 1, let single = group.first { return subtype(single) }
        byte(0x4e)
        vector(group) { $0.subtype($1) }
    }

    private mutating func subtype(_ subtype: CoreSubtype) {
        if !subtype.isFinal || !subtype.supertypes.isEmpty {
            byte(subtype.isFinal ? 0x4f : 0x50)
            vector(subtype.supertypes) { $0.u32($1) }
        }
        if subtype.isShared { byte(0x65) }
        if let describes = subtype.describes {
            byte(0x4c)
            u32(describes)
        }
        if let descriptor = subtype.descriptor {
            byte(0x4d)
            u32(descriptor)
        }
        switch subtype.composite {
        case .function(let type):
            byte(0x60)
            vector(type.parameters) { $0.coreValueType($1) }
            vector(type.results) { $0.coreValueType($1) }
        case .structure(let fields):
            byte(0x5f)
            vector(fields) { $0.field($1) }
        case .array(let element):
            byte(0x5e)
            field(element)
        case .continuation(let index):
            byte(0x5d)
            signedIndex(index)
        }
    }

    private mutating func field(_ field: CoreFieldType) {
        switch field.storage {
        case .i8: byte(0x78)
        case .i16: byte(0x77)
        case .value(let type): coreValueType(type)
        }
        boolean(field.isMutable)
    }

    /// A core `valtype`.
    mutating func coreValueType(_ type: CoreValueType) {
        switch type {
        case .i32: byte(0x7f)
        case .i64: byte(0x7e)
        case .f32: byte(0x7d)
        case .f64: byte(0x7c)
        case .v128: byte(0x7b)
        case .reference(let reference): coreReferenceType(reference)
        }
    }

    /// A core `reftype`.
    mutating func coreReferenceType(_ type: CoreReferenceType) {
        if case .abstract = type.heapType, type.isNullable { return heapType(type.heapType) }
        byte(type.isNullable ? 0x63 : 0x64)
        heapType(type.heapType)
    }

    private mutating func heapType(_ type: CoreHeapType) {
        switch type {
        case .concrete(let index): signedIndex(index)
        case .exact(let index):
            byte(0x62)
            u32(index)
        case .abstract(let type, let isShared):
            if isShared { byte(0x65) }
            byte(type.rawValue)
        }
    }

    private mutating func moduleDeclaration(_ declaration: ModuleDeclaration) {
        switch declaration {
        case .import(let module, let name, let type):
            byte(0x00)
            self.name(module)
            self.name(name)
            coreExternType(type)
        case .type(let type):
            byte(0x01)
            // A module type holds no module types.
            if case .recursive(let group) = type { coreRecursionGroup(group) } else { coreType(type) }
        case .outerAlias(let count, let index):
            byte(0x02)
            byte(CoreSort.type.rawValue)
            byte(0x01)
            u32(count)
            u32(index)
        case .export(let name, let type):
            byte(0x03)
            self.name(name)
            coreExternType(type)
        }
    }

    /// A core `externtype`.
    mutating func coreExternType(_ type: CoreExternType) {
        switch type {
        case .function(let index, let isExact):
            byte(isExact ? 0x20 : 0x00)
            u32(index)
        case .table(let table):
            byte(0x01)
            coreTableType(table)
        case .memory(let memory):
            byte(0x02)
            coreMemoryType(memory)
        case .global(let global):
            byte(0x03)
            coreGlobalType(global)
        case .tag(let index):
            byte(0x04)
            byte(0x00)
            u32(index)
        }
    }

    mutating func coreTableType(_ table: CoreTableType) {
        coreReferenceType(table.element)
        limits(table.limits, flags: 0)
    }

    mutating func coreMemoryType(_ memory: CoreMemoryType) {
        limits(memory.limits, flags: memory.pageSizeLog2 == nil ? 0 : 0x08)
        if let size = memory.pageSizeLog2 { u32(size) }
    }

    mutating func coreGlobalType(_ global: CoreGlobalType) {
        coreValueType(global.type)
        byte((global.isMutable ? 0x01 : 0) | (global.isShared ? 0x02 : 0))
    }

    private mutating func limits(_ limits: CoreLimits, flags: UInt8) {
        byte(
            flags | (limits.maximum == nil ? 0 : 0x01) | (limits.isShared ? 0x02 : 0) | (limits.is64 ? 0x04 : 0))
        unsigned(limits.minimum)
        if let maximum = limits.maximum { unsigned(maximum) }
    }
}
