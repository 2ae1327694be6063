// SPDX-License-Identifier: Apache-2.0

// The built-ins. (CanonicalABI.md, "Canonical Definitions")
extension ComponentValidator {
    typealias Signature = (parameters: [CoreValueType], results: [CoreValueType])

    /// Checks a built-in and says what core type it has.
    mutating func builtin(_ builtin: CanonicalBuiltin) throws(BinaryError) -> Signature {
        switch builtin {
        case .resourceNew(let type): return ([try localRepresentation(type)], [.i32])
        case .resourceRep(let type): return ([.i32], [try localRepresentation(type)])
        case .resourceDrop(let type):
            _ = try resourceType(type)
            return ([.i32], [])
        case .errorContextNew(let options):
            let pointer = try errorContext(options, "error-context.new", needsRealloc: false)
            return ([pointer, pointer], [.i32])
        case .errorContextDebugMessage(let options):
            return ([.i32, try errorContext(options, "error-context.debug-message", needsRealloc: true)], [])
        case .errorContextDrop:
            try require(.errorContext, "cm-error-context", "`error-context.drop`")
            return ([.i32], [])
        case .threadSpawnRef, .threadSpawnIndirect, .threadAvailableParallelism:
            return try sharedBuiltin(builtin)
        case .threadIndex, .threadNewIndirect, .threadResumeLater, .threadSuspend, .threadSuspendThenResume,
            .threadYieldThenResume, .threadSuspendThenPromote, .threadYieldThenPromote:
            try require(.threading, "cm-threading", "a thread built-in")
            return try threadBuiltin(builtin)
        default:
            try require(.async, "cm-async", "an async built-in")
            return try asyncBuiltin(builtin)
        }
    }

    private func localRepresentation(_ index: UInt32) throws(BinaryError) -> CoreValueType {
        let reference = try resourceType(index)
        guard let representation = scope.local[reference.identity] else {
            throw .invalid("type index \(index) is not a local resource", at: offset)
        }
        return representation
    }

    private func errorContext(
        _ options: CanonicalOptions, _ name: String, needsRealloc: Bool
    ) throws(BinaryError) -> CoreValueType {
        try require(.errorContext, "cm-error-context", "`\(name)`")
        let pointer = try check(options, .other)
        guard !options.isAsync else { throw .invalid("`\(name)` cannot be async", at: offset) }
        guard options.memory != nil else { throw .invalid("canonical option `memory` is required", at: offset) }
        guard !needsRealloc || options.realloc != nil else {
            throw .invalid("canonical option `realloc` is required", at: offset)
        }
        return pointer
    }

    private func threadBuiltin(_ builtin: CanonicalBuiltin) throws(BinaryError) -> Signature {
        switch builtin {
        case .threadIndex: return ([], [.i32])
        case .threadNewIndirect(let type, let table):
            let argument = try threadStart(type)
            let start = try entry(scope.coreTables, table, "core table")
            guard start.element == CoreReferenceType(isNullable: true, heapType: .abstract(.function, isShared: false))
            else {
                throw .typeMismatch("the table of start functions is not a table of `funcref`", at: offset)
            }
            if start.limits.is64 { try require(.memory64, "cm64", "a 64-bit table") }
            guard !start.limits.isShared else {
                throw .typeMismatch("mismatch in the shared flag for tables", at: offset)
            }
            return ([start.limits.is64 ? .i64 : .i32, argument], [.i32])
        case .threadResumeLater: return ([.i32], [])
        case .threadSuspend: return ([], [.i32])
        default: return ([.i32], [.i32])
        }
    }

    /// The parameter of a thread's start function.
    private func threadStart(_ index: UInt32) throws(BinaryError) -> CoreValueType {
        guard case .type(let id) = try entry(scope.coreTypes, index, "core type"), let type = store.function(id) else {
            throw .typeMismatch("core type index \(index) is not a function type", at: offset)
        }
        if type == CoreFunctionType(parameters: [.i32], results: []) { return .i32 }
        if features.contains(.memory64), type == CoreFunctionType(parameters: [.i64], results: []) { return .i64 }
        throw .typeMismatch("start function must take a single `i32` argument, found \(type)", at: offset)
    }

    private func sharedBuiltin(_ builtin: CanonicalBuiltin) throws(BinaryError) -> Signature {
        try require(.sharedEverythingThreads, "shared-everything-threads", "a built-in of preemptive threads")
        switch builtin {
        case .threadSpawnRef(let isShared, let index):
            let argument = try threadStart(index)
            guard case .type(let id) = try entry(scope.coreTypes, index, "core type"), store[id].isShared == isShared
            else {
                throw .typeMismatch("spawn type must be shared", at: offset)
            }
            return ([.reference(CoreReferenceType(isNullable: true, heapType: .concrete(id))), argument], [.i32])
        case .threadSpawnIndirect(let isShared, let index, let table):
            let argument = try threadStart(index)
            let start = try entry(scope.coreTables, table, "core table")
            guard start.limits.isShared == isShared else {
                throw .typeMismatch("mismatch in the shared flag for tables", at: offset)
            }
            return ([start.limits.is64 ? .i64 : .i32, argument], [.i32])
        default: return ([], [.i32])
        }
    }

    private mutating func asyncBuiltin(_ builtin: CanonicalBuiltin) throws(BinaryError) -> Signature {
        switch builtin {
        case .backpressureIncrement, .backpressureDecrement, .taskCancel: return ([], [])
        case .taskReturn(let result, let options): return (try taskReturn(result, options), [])
        case .contextGet(let type, let slot):
            try context(type, slot)
            return ([], [type])
        case .contextSet(let type, let slot):
            try context(type, slot)
            return ([type], [])
        case .subtaskCancel(let isAsync):
            try cancel(isAsync)
            return ([.i32], [.i32])
        case .subtaskDrop, .waitableSetDrop: return ([.i32], [])
        case .waitableSetNew, .threadYield: return ([], [.i32])
        case .waitableSetWait(let memory), .waitableSetPoll(let memory):
            return ([.i32, try addressType(ofMemory: memory)], [.i32])
        case .waitableJoin: return ([.i32, .i32], [])
        case .streamNew(let type):
            _ = try stream(type, "stream.new")
            return ([], [.i64])
        case .futureNew(let type):
            _ = try future(type, "future.new")
            return ([], [.i64])
        case .streamRead(let type, let options):
            let pointer = try copy(try stream(type, "stream.read"), options, isRead: true)
            return ([.i32, pointer, pointer], [pointer])
        case .streamWrite(let type, let options):
            let pointer = try copy(try stream(type, "stream.write"), options, isRead: false)
            return ([.i32, pointer, pointer], [pointer])
        case .futureRead(let type, let options):
            return ([.i32, try copy(try future(type, "future.read"), options, isRead: true)], [.i32])
        case .futureWrite(let type, let options):
            return ([.i32, try copy(try future(type, "future.write"), options, isRead: false)], [.i32])
        case .streamCancelRead(let type, let isAsync), .streamCancelWrite(let type, let isAsync):
            _ = try stream(type, "stream.cancel")
            try cancel(isAsync)
            return ([.i32], [.i32])
        case .futureCancelRead(let type, let isAsync), .futureCancelWrite(let type, let isAsync):
            _ = try future(type, "future.cancel")
            try cancel(isAsync)
            return ([.i32], [.i32])
        case .streamDropReadable(let type), .streamDropWritable(let type):
            _ = try stream(type, "stream.drop")
            return ([.i32], [])
        case .futureDropReadable(let type), .futureDropWritable(let type):
            _ = try future(type, "future.drop")
            return ([.i32], [])
        case .streamForward(let type):
            try require(.forward, "cm-forward", "`stream.forward`")
            _ = try stream(type, "stream.forward")
            return ([.i32, .i32], [])
        case .futureForward(let type):
            try require(.forward, "cm-forward", "`future.forward`")
            _ = try future(type, "future.forward")
            return ([.i32, .i32], [])
        default: throw .invalid("a built-in is not known", at: offset)
        }
    }

    private func cancel(_ isAsync: Bool) throws(BinaryError) {
        if isAsync { try require(.moreAsyncBuiltins, "cm-more-async-builtins", "`async` on a cancellation") }
    }

    private func context(_ type: CoreValueType, _ slot: UInt32) throws(BinaryError) {
        switch type {
        case .i32: break
        case .i64: try require(.memory64, "cm64", "a context of `i64`")
        default: throw .invalid("a context slot holds an `i32`, found `\(type)`", at: offset)
        }
        guard slot < 2 else { throw .invalid("context slot \(slot) is out of bounds; there are 2", at: offset) }
        if let previous = scope.contextType, previous != type {
            throw .typeMismatch("type must match previous context type `\(previous)`", at: offset)
        }
        scope.contextType = type
    }

    private func stream(_ index: UInt32, _ name: String) throws(BinaryError) -> ValueNode? {
        guard case .value(let node) = try entry(scope.types, index, "type"), case .stream(let payload) = node.shape
        else { throw .typeMismatch("`\(name)` requires a stream type", at: offset) }
        return payload
    }

    private func future(_ index: UInt32, _ name: String) throws(BinaryError) -> ValueNode? {
        guard case .value(let node) = try entry(scope.types, index, "type"), case .future(let payload) = node.shape
        else { throw .typeMismatch("`\(name)` requires a future type", at: offset) }
        return payload
    }
}
