// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

// The type section. (Binary.md, "Type Definitions")
extension ByteWriter {
    /// A `deftype`.
    mutating func type(_ definition: ComponentTypeDefinition) {
        switch definition {
        case .value(let type): definedType(type)
        case .function(let type): functionType(type)
        case .component(let declarations):
            byte(0x41)
            self.declarations(declarations)
        case .instance(let declarations):
            byte(0x42)
            self.declarations(declarations)
        case .resource(let type):
            byte(0x3f)
            coreValueType(type.representation)
            boolean(type.destructor != nil)
            if let destructor = type.destructor { u32(destructor) }
        }
    }

    private mutating func declarations(_ declarations: [Located<TypeDeclaration>]) {
        vector(declarations) { writer, declaration in
            switch declaration.value {
            case .coreType(let type):
                writer.byte(0x00)
                writer.coreType(type)
            case .type(let type):
                writer.byte(0x01)
                writer.type(type)
            case .alias(let alias):
                writer.byte(0x02)
                writer.alias(alias)
            case .import(let item):
                writer.byte(0x03)
                writer.externName(item.name)
                writer.externType(item.type)
            case .export(let item):
                writer.byte(0x04)
                writer.externName(item.name)
                writer.externType(item.type)
            }
        }
    }

    /// The code of a primitive type. (Binary.md, `primvaltype`)
    private static func code(_ type: ValueType) -> UInt8 {
        switch type {
        case .bool: 0x7f
        case .s8: 0x7e
        case .u8: 0x7d
        case .s16: 0x7c
        case .u16: 0x7b
        case .s32: 0x7a
        case .u32: 0x79
        case .s64: 0x78
        case .u64: 0x77
        case .f32: 0x76
        case .f64: 0x75
        case .char: 0x74
        case .string: 0x73
        // A reference holds no defined type.
        case .errorContext, .defined: 0x64
        }
    }

    /// A `valtype`.
    mutating func valueType(_ type: ValueTypeReference) {
        switch type {
        case .primitive(let primitive): byte(Self.code(primitive))
        case .index(let index): signedIndex(index)
        }
    }

    private mutating func optional(_ type: ValueTypeReference?) {
        boolean(type != nil)
        if let type { valueType(type) }
    }

    private mutating func functionType(_ type: FunctionTypeDefinition) {
        byte(type.isAsync ? 0x43 : 0x40)
        vector(type.parameters) { writer, parameter in
            writer.name(parameter.label)
            writer.valueType(parameter.type)
        }
        resultList(type.result)
    }

    mutating func resultList(_ result: ValueTypeReference?) {
        if let result {
            byte(0x00)
            valueType(result)
        } else {
            raw([0x01, 0x00])
        }
    }

    /// A `defvaltype`.
    private mutating func definedType(_ type: DefinedValueType) {
        switch type {
        case .primitive(let primitive): byte(Self.code(primitive))
        case .record(let fields):
            byte(0x72)
            vector(fields) { writer, field in
                writer.name(field.label)
                writer.valueType(field.type)
            }
        case .variant(let cases):
            byte(0x71)
            vector(cases) { writer, item in
                writer.name(item.label)
                writer.optional(item.type)
                writer.byte(0x00)
            }
        case .list(let element):
            byte(0x70)
            valueType(element)
        case .fixedLengthList(let element, let count):
            byte(0x67)
            valueType(element)
            u32(count)
        case .tuple(let elements):
            byte(0x6f)
            vector(elements) { $0.valueType($1) }
        case .flags(let labels):
            byte(0x6e)
            vector(labels) { $0.name($1) }
        case .enum(let labels):
            byte(0x6d)
            vector(labels) { $0.name($1) }
        case .option(let payload):
            byte(0x6b)
            valueType(payload)
        case .result(let ok, let error):
            byte(0x6a)
            optional(ok)
            optional(error)
        case .own(let index):
            byte(0x69)
            u32(index)
        case .borrow(let index):
            byte(0x68)
            u32(index)
        case .stream(let payload):
            byte(0x66)
            optional(payload)
        case .future(let payload):
            byte(0x65)
            optional(payload)
        case .map(let key, let value):
            byte(0x63)
            valueType(key)
            valueType(value)
        }
    }
}
