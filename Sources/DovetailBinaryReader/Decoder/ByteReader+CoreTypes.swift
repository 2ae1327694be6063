// SPDX-License-Identifier: Apache-2.0

// The types of core modules. (WebAssembly 3.0, "Binary Format", "Types")
extension ByteReader {
    /// A `rectype`.
    package mutating func coreRecursionGroup() throws(BinaryError) -> [CoreSubtype] {
        guard peek() == 0x4e else { return [try coreSubtype()] }
        _ = try byte("a recursion group")
        return try vector("types of a recursion group", maximum: Limits.recursionGroup) {
            reader throws(BinaryError) -> CoreSubtype in try reader.coreSubtype()
        }
    }

    /// A `subtype`.
    mutating func coreSubtype() throws(BinaryError) -> CoreSubtype {
        var start = offset
        var code = try byte("a core type")
        var subtype = CoreSubtype(composite: .structure([]))
        if code == 0x50 || code == 0x4f {
            subtype.isFinal = code == 0x4f
            subtype.supertypes = try vector("supertypes", maximum: Limits.supertypes) {
                reader throws(BinaryError) -> UInt32 in try reader.u32("a core type index")
            }
            start = offset
            code = try byte("a core type")
        }
        if code == 0x65 {
            subtype.isShared = true
            start = offset
            code = try byte("a core type")
        }
        if code == 0x4c {
            subtype.describes = try u32("a core type index")
            start = offset
            code = try byte("a core type")
        }
        if code == 0x4d {
            subtype.descriptor = try u32("a core type index")
            start = offset
            code = try byte("a core type")
        }
        subtype.composite = try coreCompositeType(code, at: start)
        return subtype
    }

    private mutating func coreCompositeType(_ code: UInt8, at start: Int) throws(BinaryError) -> CoreCompositeType {
        switch code {
        case 0x60:
            let parameters = try vector("parameters", maximum: Limits.parameters) {
                reader throws(BinaryError) -> CoreValueType in try reader.coreValueType()
            }
            let results = try vector("results", maximum: Limits.coreResults) {
                reader throws(BinaryError) -> CoreValueType in try reader.coreValueType()
            }
            return .function(CoreFunctionType(parameters: parameters, results: results))
        case 0x5f:
            return .structure(
                try vector("fields", maximum: Limits.coreFields) { reader throws(BinaryError) -> CoreFieldType in
                    try reader.coreFieldType()
                })
        case 0x5e: return .array(try coreFieldType())
        case 0x5d: return .continuation(try coreTypeIndex())
        default: throw .unknownByte(code, for: "a core type", at: start)
        }
    }

    private mutating func coreFieldType() throws(BinaryError) -> CoreFieldType {
        let storage: CoreStorageType
        switch peek() {
        case 0x78:
            _ = try byte("a field")
            storage = .i8
        case 0x77:
            _ = try byte("a field")
            storage = .i16
        default: storage = .value(try coreValueType())
        }
        return CoreFieldType(storage: storage, isMutable: try boolean("a field's mutability"))
    }

    /// A core `valtype`.
    package mutating func coreValueType() throws(BinaryError) -> CoreValueType {
        let start = offset
        guard let code = peek() else { throw .unexpectedEnd(reading: "a core value type", at: offset) }
        let type: CoreValueType
        switch code {
        case 0x7f: type = .i32
        case 0x7e: type = .i64
        case 0x7d: type = .f32
        case 0x7c: type = .f64
        case 0x7b: type = .v128
        default:
            guard let reference = try coreReferenceTypeIfPresent() else {
                throw .unknownByte(code, for: "a core value type", at: start)
            }
            return .reference(reference)
        }
        _ = try byte("a core value type")
        return type
    }

    /// A core `reftype`.
    package mutating func coreReferenceType() throws(BinaryError) -> CoreReferenceType {
        let start = offset
        guard let code = peek() else { throw .unexpectedEnd(reading: "a reference type", at: offset) }
        guard let reference = try coreReferenceTypeIfPresent() else {
            throw .unknownByte(code, for: "a reference type", at: start)
        }
        return reference
    }

    private mutating func coreReferenceTypeIfPresent() throws(BinaryError) -> CoreReferenceType? {
        guard let code = peek() else { return nil }
        switch code {
        case 0x63, 0x64:
            _ = try byte("a reference type")
            return CoreReferenceType(isNullable: code == 0x63, heapType: try coreHeapType())
        case 0x65: return CoreReferenceType(isNullable: true, heapType: try coreHeapType())
        default:
            guard CoreAbstractHeapType(rawValue: code) != nil else { return nil }
            return CoreReferenceType(isNullable: true, heapType: try coreHeapType())
        }
    }

    package mutating func coreHeapType() throws(BinaryError) -> CoreHeapType {
        let start = offset
        guard let code = peek() else { throw .unexpectedEnd(reading: "a heap type", at: offset) }
        if let abstract = CoreAbstractHeapType(rawValue: code) {
            _ = try byte("a heap type")
            return .abstract(abstract, isShared: false)
        }
        switch code {
        case 0x65:
            _ = try byte("a heap type")
            let start = offset
            let inner = try byte("a heap type")
            guard let abstract = CoreAbstractHeapType(rawValue: inner) else {
                throw .unknownByte(inner, for: "a shared heap type", at: start)
            }
            return .abstract(abstract, isShared: true)
        case 0x62:
            _ = try byte("a heap type")
            return .exact(try u32("a core type index"))
        default:
            let index = try signed(bits: 33, "a heap type")
            guard index >= 0, let index = UInt32(exactly: index) else {
                throw .malformed("a heap type is neither an abstract one nor an index", at: start)
            }
            return .concrete(index)
        }
    }

    package mutating func coreTypeIndex() throws(BinaryError) -> UInt32 {
        let start = offset
        let index = try signed(bits: 33, "a core type index")
        guard index >= 0, let index = UInt32(exactly: index) else {
            throw .malformed("a core type index is negative", at: start)
        }
        return index
    }

    /// A core `externtype`.
    package mutating func coreExternType() throws(BinaryError) -> CoreExternType {
        let start = offset
        switch try byte("a core extern type") {
        case 0x00: return .function(typeIndex: try u32("a core type index"), isExact: false)
        case 0x20: return .function(typeIndex: try u32("a core type index"), isExact: true)
        case 0x01: return .table(try coreTableType())
        case 0x02: return .memory(try coreMemoryType())
        case 0x03: return .global(try coreGlobalType())
        case 0x04: return .tag(typeIndex: try coreTagType())
        case let other: throw .unknownByte(other, for: "a core extern type", at: start)
        }
    }

    package mutating func coreTagType() throws(BinaryError) -> UInt32 {
        try reserved("a tag's attribute")
        return try u32("a core type index")
    }

    package mutating func coreTableType() throws(BinaryError) -> CoreTableType {
        let element = try coreReferenceType()
        let start = offset
        let flags = try byte("a table's limits")
        guard flags & ~0x07 == 0 else { throw .unknownByte(flags, for: "a table's limits", at: start) }
        return CoreTableType(element: element, limits: try coreLimits(flags))
    }

    package mutating func coreMemoryType() throws(BinaryError) -> CoreMemoryType {
        let start = offset
        let flags = try byte("a memory's limits")
        guard flags & ~0x0f == 0 else { throw .unknownByte(flags, for: "a memory's limits", at: start) }
        let limits = try coreLimits(flags)
        return CoreMemoryType(limits: limits, pageSizeLog2: flags & 0x08 != 0 ? try u32("a page size") : nil)
    }

    private mutating func coreLimits(_ flags: UInt8) throws(BinaryError) -> CoreLimits {
        let is64 = flags & 0x04 != 0
        let minimum = is64 ? try u64("a minimum") : UInt64(try u32("a minimum"))
        let maximum = flags & 0x01 == 0 ? nil : is64 ? try u64("a maximum") : UInt64(try u32("a maximum"))
        return CoreLimits(minimum: minimum, maximum: maximum, isShared: flags & 0x02 != 0, is64: is64)
    }

    package mutating func coreGlobalType() throws(BinaryError) -> CoreGlobalType {
        let type = try coreValueType()
        let start = offset
        let flags = try byte("a global's mutability")
        guard flags & ~0x03 == 0 else { throw .unknownByte(flags, for: "a global's mutability", at: start) }
        return CoreGlobalType(type: type, isMutable: flags & 0x01 != 0, isShared: flags & 0x02 != 0)
    }
}
