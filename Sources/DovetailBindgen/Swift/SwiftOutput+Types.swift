// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

/// How WIT types are written in Swift. This is the one place that says so.
extension SwiftOutput {
    /// The type that users see: of a record's field, a variant's payload, a parameter, a type alias.
    package func valueType(of type: ValueType?, from scope: Scope) -> SwiftType {
        switch type {
        case .defined(let id): declared(id, scope) ?? valueType(of: model.graph.types[id].kind, from: scope)
        default: primitive(type)
        }
    }

    /// The type that says how values of `type` cross: what functions are looked up with, what has `lift`, `load` and `shape`.
    package func codec(of type: ValueType?, from scope: Scope) -> SwiftType {
        guard let type else { return library("EmptyCodec") }
        guard case .defined(let id) = type else { return primitive(type).codec }
        return declaredCodec(id, scope) ?? codec(of: model.graph.types[id].kind, from: scope)
    }

    /// The type that users see for a structure without a name of its own.
    package func valueType(of kind: TypeKind, from scope: Scope) -> SwiftType {
        func inner(_ type: ValueType?) -> SwiftType { valueType(of: type, from: scope) }
        switch kind {
        case .option(let type): return .optional(inner(type))
        case .list(let type): return .array(inner(type))
        case .map(let key, let value): return .dictionary(inner(key), inner(value))
        case .fixedLengthList(let type, let count): return library("FixedLengthList", [length(count), inner(type)])
        // Swift has no tuples of one.
        case .tuple(let parts): return parts.count == 1 ? inner(parts[0]) : .tuple(parts.map(inner))
        case .result(let ok, let failure): return library("Result", [inner(ok), errorType(of: failure, from: scope)])
        case .stream(let type): return library("StreamReader", [inner(type)])
        case .future(let type): return library("FutureReader", [inner(type)])
        case .own(let id): return handle(id, isOwned: true, scope)
        case .borrow(let id): return handle(id, isOwned: false, scope)
        case .alias(let type): return inner(type)
        // These always have names.
        case .record, .variant, .flags, .enum, .resource: return library("Empty")
        }
    }

    private func codec(of kind: TypeKind, from scope: Scope) -> SwiftType {
        func inner(_ type: ValueType?) -> SwiftType { codec(of: type, from: scope) }
        switch kind {
        case .option(let type): return library("OptionCodec", [inner(type)])
        case .list(let type): return library("ListCodec", [inner(type)])
        case .map(let key, let value): return library("MapCodec", [inner(key), inner(value)])
        case .fixedLengthList(let type, let count):
            return library("FixedLengthListCodec", [length(count), inner(type)])
        case .tuple(let parts): return tupleCodec(parts, scope)
        case .result(let ok, let failure):
            return library("ResultCodec", [inner(ok), errorCodec(of: failure, from: scope)])
        case .stream(let type): return transferCodec(type, isStream: true, scope)
        case .future(let type): return transferCodec(type, isStream: false, scope)
        case .own(let id): return handleCodec(id, isOwned: true, scope)
        case .borrow(let id): return handleCodec(id, isOwned: false, scope)
        case .alias(let type): return inner(type)
        // These always have names.
        case .record, .variant, .flags, .enum, .resource: return library("EmptyCodec")
        }
    }

    // MARK: Errors

    /// What a `result` has in its error place: a Swift error.
    package func errorType(of type: ValueType?, from scope: Scope) -> SwiftType {
        guard let type else { return library("Empty") }
        let written = valueType(of: type, from: scope)
        return isError(type) ? written : library("ResultError", [written])
    }

    package func errorCodec(of type: ValueType?, from scope: Scope) -> SwiftType {
        guard let type else { return library("EmptyCodec") }
        let written = codec(of: type, from: scope)
        return isError(type) ? written : library("ResultErrorCodec", [written])
    }

    private func isError(_ type: ValueType) -> Bool {
        if case .defined(let id) = model.facts.dealiased(type) { isError(id) } else { false }
    }

    /// Whether values of the named type are Swift errors by themselves.
    package func isError(_ id: TypeID) -> Bool {
        model.facts.errors.contains(id) && !model.facts.holdsHandles(.defined(id))
    }

    // MARK: Types with names

    private func declared(_ id: TypeID, _ scope: Scope) -> SwiftType? {
        model.graph.types[id].name == nil ? nil : named(id, from: scope)
    }

    /// The codec that a declared type has; `nil` where the name stands for a structure that has one of its own.
    private func declaredCodec(_ id: TypeID, _ scope: Scope) -> SwiftType? {
        switch model.graph.types[id].kind {
        case .record, .variant, .enum, .flags: declared(id, scope)?.codec
        default: nil
        }
    }

    private func primitive(_ type: ValueType?) -> SwiftType {
        switch type {
        case nil, .defined: library("Empty")
        case .bool: library("Bool")
        case .s8: library("Int8")
        case .u8: library("UInt8")
        case .s16: library("Int16")
        case .u16: library("UInt16")
        case .s32: library("Int32")
        case .u32: library("UInt32")
        case .s64: library("Int64")
        case .u64: library("UInt64")
        case .f32: library("Float")
        case .f64: library("Double")
        case .char: library("Unicode.Scalar")
        case .string: library("String")
        case .errorContext: library("ErrorContextValue")
        }
    }
}

extension SwiftType {
    /// How values of the type cross.
    fileprivate var codec: SwiftType { .named(text + ".Codec") }
}
