// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// How WIT types are written in Swift. This is the one place that says so.
extension SwiftHost {
    /// The type that users see: of a record's field, a variant's payload, a type alias.
    func valueType(of type: ValueType?, from scope: Scope) -> SwiftType { write(type, as: .value, scope) }

    /// The type that says how values of `type` cross: what functions are declared with, what has `lift`, `load` and `shape`.
    func codec(of type: ValueType?, from scope: Scope) -> SwiftType { write(type, as: .codec, scope) }

    /// The type that users see for a structure without a name of its own.
    func valueType(of kind: TypeKind, from scope: Scope) -> SwiftType { write(kind, as: .value, scope) }

    /// What a `result` has in its error place: a Swift error.
    func errorType(of type: ValueType?, from scope: Scope) -> SwiftType { error(type, as: .value, scope) }

    /// Whether values of the named type are Swift errors by themselves.
    func isError(_ id: TypeID) -> Bool {
        model.facts.errors.contains(id) && !model.facts.holdsHandles(.defined(id))
    }

    private enum Form {
        case value, codec
    }

    private func write(_ type: ValueType?, as form: Form, _ scope: Scope) -> SwiftType {
        switch type {
        case nil: library("Empty")
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
        case .defined(let id): declared(id, scope) ?? write(model.graph.types[id].kind, as: form, scope)
        }
    }

    private func declared(_ id: TypeID, _ scope: Scope) -> SwiftType? {
        model.graph.types[id].name == nil ? nil : named(id, from: scope)
    }

    private func write(_ kind: TypeKind, as form: Form, _ scope: Scope) -> SwiftType {
        func inner(_ type: ValueType?) -> SwiftType { write(type, as: form, scope) }
        switch kind {
        case .option(let type): return .optional(inner(type))
        case .list(let type): return .array(inner(type))
        case .map(let key, let value): return .dictionary(inner(key), inner(value))
        case .fixedLengthList(let type, let count): return library("FixedLengthList", [length(count), inner(type)])
        case .tuple(let parts): return tuple(parts.count, parts.map(inner))
        case .result(let ok, let failure):
            return library("Result", [inner(ok), error(failure, as: form, scope)])
        case .stream(let type): return library("StreamReader", [inner(type)])
        case .future(let type): return library("FutureReader", [inner(type)])
        case .own(let id): return handle(id, isOwned: true, as: form, scope)
        case .borrow(let id): return handle(id, isOwned: false, as: form, scope)
        case .alias(let type): return inner(type)
        // These always have names.
        case .record, .variant, .flags, .enum, .resource: return library("Empty")
        }
    }

    private func handle(_ id: TypeID, isOwned: Bool, as form: Form, _ scope: Scope) -> SwiftType {
        let type = resource(id, from: scope)
        return switch model.implementer(of: id, from: scope) {
        case .host: library(isOwned ? "HostOwn" : "HostBorrow", [.any(type)])
        case .guest: isOwned ? type : library("GuestBorrow", [type])
        }
    }

    private func error(_ type: ValueType?, as form: Form, _ scope: Scope) -> SwiftType {
        guard let type else { return library("Empty") }
        let written = write(type, as: form, scope)
        if case .defined(let id) = model.facts.dealiased(type), isError(id) { return written }
        return library("ResultError", [written])
    }
}
