// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// The type section. (Binary.md, "Type Definitions")
extension ComponentDecoder {
    /// A `deftype`; `depth` is the number of component and instance types around it.
    mutating func type(_ reader: inout ByteReader, depth: Int) throws(BinaryError) -> ComponentTypeDefinition {
        let start = reader.offset
        let code = try reader.byte("a type")
        switch code {
        case 0x40: return .function(try reader.functionType(isAsync: false))
        case 0x43: return .function(try reader.functionType(isAsync: true))
        case 0x41: return .component(try declarations(&reader, isComponent: true, depth: depth))
        case 0x42: return .instance(try declarations(&reader, isComponent: false, depth: depth))
        case 0x3f:
            let representation = try reader.coreValueType()
            let destructor =
                try reader.boolean("an optional destructor") ? try reader.u32("a core function index") : nil
            return .resource(ResourceTypeDefinition(representation: representation, destructor: destructor))
        default: return .value(try reader.definedType(code, at: start))
        }
    }

    private mutating func declarations(
        _ reader: inout ByteReader, isComponent: Bool, depth: Int
    ) throws(BinaryError) -> [Located<TypeDeclaration>] {
        guard depth < Limits.typeDepth else {
            throw .nestedTooDeeply("types", maximum: Limits.typeDepth, at: reader.offset)
        }
        let count = try reader.count("declarations", maximum: Limits.typeDeclarations)
        var declarations: [Located<TypeDeclaration>] = []
        declarations.reserveCapacity(min(count, 64))
        for _ in 0..<count {
            let start = reader.offset
            try spend(at: start)
            let declaration: TypeDeclaration
            switch try reader.byte("a declaration") {
            case 0x00: declaration = .coreType(try coreType(&reader))
            case 0x01: declaration = .type(try type(&reader, depth: depth + 1))
            case 0x02: declaration = .alias(try reader.alias())
            case 0x03 where isComponent:
                declaration = .import(ImportDeclaration(name: try reader.externName(), type: try reader.externType()))
            case 0x04:
                declaration = .export(ExportDeclaration(name: try reader.externName(), type: try reader.externType()))
            case let other:
                throw .unknownByte(
                    other, for: isComponent ? "a component type declaration" : "an instance type declaration", at: start
                )
            }
            declarations.append(Located(declaration, at: start))
        }
        return declarations
    }
}

extension ByteReader {
    /// The primitive type of a code, if it is one. (Binary.md, `primvaltype`)
    static func primitive(_ code: UInt8) -> ValueType? {
        switch code {
        case 0x7f: .bool
        case 0x7e: .s8
        case 0x7d: .u8
        case 0x7c: .s16
        case 0x7b: .u16
        case 0x7a: .s32
        case 0x79: .u32
        case 0x78: .s64
        case 0x77: .u64
        case 0x76: .f32
        case 0x75: .f64
        case 0x74: .char
        case 0x73: .string
        case 0x64: .errorContext
        default: nil
        }
    }

    /// A `valtype`: a primitive's code, or a type index as a non-negative `s33`.
    mutating func valueType() throws(BinaryError) -> ValueTypeReference {
        let start = offset
        if let code = peek(), code < 0x80, code & 0x40 != 0 {
            guard let primitive = Self.primitive(try byte("a value type")) else {
                throw .unknownByte(code, for: "a value type", at: start)
            }
            return .primitive(primitive)
        }
        let index = try signed(bits: 33, "a value type")
        guard index >= 0, let index = UInt32(exactly: index) else {
            throw .malformed("a value type is neither a primitive nor an index", at: start)
        }
        return .index(index)
    }

    mutating func optionalValueType() throws(BinaryError) -> ValueTypeReference? {
        try boolean("an optional value type") ? try valueType() : nil
    }

    mutating func label() throws(BinaryError) -> String {
        try name("a label")
    }

    mutating func labeledType() throws(BinaryError) -> LabeledType {
        LabeledType(label: try label(), type: try valueType())
    }

    /// A `functype` behind its code.
    mutating func functionType(isAsync: Bool) throws(BinaryError) -> FunctionTypeDefinition {
        let parameters = try vector("parameters", maximum: Limits.parameters) {
            reader throws(BinaryError) -> LabeledType in try reader.labeledType()
        }
        return FunctionTypeDefinition(isAsync: isAsync, parameters: parameters, result: try resultList())
    }

    mutating func resultList() throws(BinaryError) -> ValueTypeReference? {
        let start = offset
        switch try byte("function results") {
        case 0x00: return try valueType()
        case 0x01:
            try reserved("the number of named results")
            return nil
        case let other: throw .unknownByte(other, for: "function results", at: start)
        }
    }

    /// A `defvaltype` behind its code.
    mutating func definedType(_ code: UInt8, at start: Int) throws(BinaryError) -> DefinedValueType {
        if let primitive = Self.primitive(code) { return .primitive(primitive) }
        switch code {
        case 0x72:
            return .record(
                try vector("fields", maximum: Limits.fields) { reader throws(BinaryError) -> LabeledType in
                    try reader.labeledType()
                })
        case 0x71:
            return .variant(
                try vector("cases", maximum: Limits.fields) { reader throws(BinaryError) -> VariantCase in
                    let label = try reader.label()
                    let type = try reader.optionalValueType()
                    try reader.reserved("a case")
                    return VariantCase(label: label, type: type)
                })
        case 0x70: return .list(try valueType())
        case 0x67:
            let element = try valueType()
            return .fixedLengthList(element, try u32("the length of a list"))
        case 0x6f:
            return .tuple(
                try vector("tuple elements", maximum: Limits.fields) {
                    reader throws(BinaryError) -> ValueTypeReference in try reader.valueType()
                })
        case 0x6e: return .flags(try labels("flags"))
        case 0x6d: return .enum(try labels("cases"))
        case 0x6b: return .option(try valueType())
        case 0x6a:
            let ok = try optionalValueType()
            return .result(ok: ok, error: try optionalValueType())
        case 0x69: return .own(try u32("a type index"))
        case 0x68: return .borrow(try u32("a type index"))
        case 0x66: return .stream(try optionalValueType())
        case 0x65: return .future(try optionalValueType())
        case 0x63:
            let key = try valueType()
            return .map(key, try valueType())
        default: throw .unknownByte(code, for: "a type", at: start)
        }
    }

    private mutating func labels(_ what: String) throws(BinaryError) -> [String] {
        try vector(what, maximum: Limits.fields) { reader throws(BinaryError) -> String in try reader.label() }
    }
}
