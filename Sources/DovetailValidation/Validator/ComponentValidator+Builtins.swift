// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

// The built-ins. (CanonicalABI.md, "Canonical Definitions")
extension ComponentValidator {
    /// Checks a built-in and says what core type it has.
    mutating func builtin(_ builtin: CanonicalBuiltin) throws(BinaryError) -> ResolvedBuiltin {
        let signature = builtin.signature
        let missing = signature.features.subtracting(features)
        guard missing.isEmpty else {
            let what = missing == .moreAsyncBuiltins ? "this form of `\(signature.name)`" : "`\(signature.name)`"
            throw .feature(what, missing, at: offset)
        }
        var resolved = ResolvedBuiltin(builtin: builtin, name: signature.name)
        var operands = Operands()
        if let transfer = builtin.transferType {
            resolved.type = try elements(transfer.index, isStream: transfer.isStream, signature.name)
        }
        if let options = builtin.options {
            resolved.address = try check(options, .other)
            try check(signature, options, elements: resolved.type)
        }
        switch builtin {
        case .resourceNew(let type), .resourceRep(let type):
            let reference = try resourceType(type)
            resolved.resource = reference
            guard let representation = scope.local[reference.identity] else {
                throw .invalid("type index \(type) is not a local resource", at: offset)
            }
            operands.named = representation
        case .resourceDrop(let type): resolved.resource = try resourceType(type)
        case .taskReturn(let result, let options):
            resolved.type = try optional(result)
            operands.taskResult = try taskReturn(resolved.type, options, resolved.address)
        case .contextGet(let type, let slot), .contextSet(let type, let slot):
            try context(type, slot)
            operands.named = type
        case .errorContextNew(let options), .errorContextDebugMessage(let options):
            guard !options.isAsync else { throw .invalid("`\(signature.name)` cannot be async", at: offset) }
        case .threadNewIndirect(let type, let table):
            (_, operands.named) = try threadStart(type)
            operands.tableIndex = try startTable(table, isShared: false)
        case .threadSpawnRef(let isShared, let type):
            let id: CoreTypeStore.ID
            (id, operands.named) = try threadStart(type)
            guard store[id].isShared == isShared else {
                throw .typeMismatch("spawn type must be shared", at: offset)
            }
            operands.startFunction = .reference(CoreReferenceType(isNullable: true, heapType: .concrete(id)))
        case .threadSpawnIndirect(let isShared, let type, let table):
            (_, operands.named) = try threadStart(type)
            operands.tableIndex = try startTable(table, isShared: isShared)
        default: break
        }
        operands.address = resolved.address
        resolved.coreType = CoreFunctionType(
            parameters: signature.parameters.flatMap { operands[$0] },
            results: signature.results.flatMap { operands[$0] })
        return resolved
    }

    /// The core types that stand for the operands of a built-in's row.
    private struct Operands {
        var address = CoreValueType.i32
        var tableIndex = CoreValueType.i32
        var named = CoreValueType.i32
        var startFunction = CoreValueType.i32
        var taskResult: [CoreValueType] = []

        subscript(operand: BuiltinSignature.Operand) -> [CoreValueType] {
            switch operand {
            case .i32: [.i32]
            case .i64: [.i64]
            case .address: [address]
            case .tableIndex: [tableIndex]
            case .named: [named]
            case .startFunction: [startFunction]
            case .taskResult: taskResult
            }
        }
    }

    /// The index type of a table of start functions.
    private func startTable(_ index: UInt32, isShared: Bool) throws(BinaryError) -> CoreValueType {
        let table = try entry(scope.coreTables, index, "core table")
        guard table.limits.isShared == isShared else {
            throw .typeMismatch("mismatch in the shared flag for tables", at: offset)
        }
        if !isShared {
            let functions = CoreReferenceType(isNullable: true, heapType: .abstract(.function, isShared: false))
            guard table.element == functions else {
                throw .typeMismatch("the table of start functions is not a table of `funcref`", at: offset)
            }
        }
        guard table.limits.is64 else { return .i32 }
        try require(.memory64, "a 64-bit table")
        return .i64
    }

    /// A thread's start function type and its parameter.
    private func threadStart(_ index: UInt32) throws(BinaryError) -> (CoreTypeStore.ID, CoreValueType) {
        guard case .type(let id) = try entry(scope.coreTypes, index, "core type"), let type = store.function(id) else {
            throw .typeMismatch("core type index \(index) is not a function type", at: offset)
        }
        if type == CoreFunctionType(parameters: [.i32], results: []) { return (id, .i32) }
        if features.contains(.memory64), type == CoreFunctionType(parameters: [.i64], results: []) {
            return (id, .i64)
        }
        throw .typeMismatch("start function must take a single `i32` argument, found \(type)", at: offset)
    }

    private func context(_ type: CoreValueType, _ slot: UInt32) throws(BinaryError) {
        switch type {
        case .i32: break
        case .i64: try require(.memory64, "a context of `i64`")
        default: throw .invalid("a context slot holds an `i32`, found `\(type)`", at: offset)
        }
        guard slot < 2 else { throw .invalid("context slot \(slot) is out of bounds; there are 2", at: offset) }
        if let previous = scope.contextType, previous != type {
            throw .typeMismatch("type must match previous context type `\(previous)`", at: offset)
        }
        scope.contextType = type
    }

    /// The type of the elements of a stream or future type.
    private func elements(_ index: UInt32, isStream: Bool, _ name: String) throws(BinaryError) -> ValueNode? {
        if case .value(let node) = try entry(scope.types, index, "type") {
            switch node.shape {
            case .stream(let payload) where isStream: return payload
            case .future(let payload) where !isStream: return payload
            default: break
            }
        }
        throw .typeMismatch("`\(name)` requires a \(isStream ? "stream" : "future") type", at: offset)
    }
}
