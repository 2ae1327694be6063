// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// The canon section. (Binary.md, "Canonical Definitions")
extension ByteReader {
    mutating func canonical() throws(BinaryError) -> CanonicalDefinition {
        let start = offset
        switch try byte("a canonical definition") {
        case 0x00:
            try reserved("a lift")
            let function = try u32("a core function index")
            let options = try canonicalOptions()
            return .lift(coreFunction: function, options: options, type: try typeIndex())
        case 0x01:
            try reserved("a lower")
            let function = try u32("a function index")
            return .lower(function: function, options: try canonicalOptions())
        case let code: return .builtin(try canonicalBuiltin(code, at: start))
        }
    }

    private mutating func typeIndex() throws(BinaryError) -> UInt32 {
        try u32("a type index")
    }

    private mutating func isAsync() throws(BinaryError) -> Bool {
        try boolean("`async`")
    }

    private mutating func canonicalBuiltin(_ code: UInt8, at start: Int) throws(BinaryError) -> CanonicalBuiltin {
        switch code {
        case 0x02: return .resourceNew(try typeIndex())
        case 0x03: return .resourceDrop(try typeIndex())
        case 0x04: return .resourceRep(try typeIndex())
        case 0x05: return .taskCancel
        case 0x06: return .subtaskCancel(isAsync: try isAsync())
        case 0x09:
            let result = try resultList()
            return .taskReturn(result: result, options: try canonicalOptions())
        case 0x0a:
            let type = try coreValueType()
            return .contextGet(type, try u32("a context slot"))
        case 0x0b:
            let type = try coreValueType()
            return .contextSet(type, try u32("a context slot"))
        case 0x0d: return .subtaskDrop
        case 0x0e...0x1b, 0x2e, 0x2f: return try streamBuiltin(code, at: start)
        case 0x1c: return .errorContextNew(try canonicalOptions())
        case 0x1d: return .errorContextDebugMessage(try canonicalOptions())
        case 0x1e: return .errorContextDrop
        case 0x1f: return .waitableSetNew
        case 0x20:
            try reserved("`waitable-set.wait`")
            return .waitableSetWait(memory: try u32("a core memory index"))
        case 0x21:
            try reserved("`waitable-set.poll`")
            return .waitableSetPoll(memory: try u32("a core memory index"))
        case 0x22: return .waitableSetDrop
        case 0x23: return .waitableJoin
        case 0x24: return .backpressureIncrement
        case 0x25: return .backpressureDecrement
        default: return try threadBuiltin(code, at: start)
        }
    }

    private mutating func streamBuiltin(_ code: UInt8, at start: Int) throws(BinaryError) -> CanonicalBuiltin {
        let type = try typeIndex()
        switch code {
        case 0x0e: return .streamNew(type)
        case 0x0f: return .streamRead(type, try canonicalOptions())
        case 0x10: return .streamWrite(type, try canonicalOptions())
        case 0x11: return .streamCancelRead(type, isAsync: try isAsync())
        case 0x12: return .streamCancelWrite(type, isAsync: try isAsync())
        case 0x13: return .streamDropReadable(type)
        case 0x14: return .streamDropWritable(type)
        case 0x2e: return .streamForward(type)
        case 0x15: return .futureNew(type)
        case 0x16: return .futureRead(type, try canonicalOptions())
        case 0x17: return .futureWrite(type, try canonicalOptions())
        case 0x18: return .futureCancelRead(type, isAsync: try isAsync())
        case 0x19: return .futureCancelWrite(type, isAsync: try isAsync())
        case 0x1a: return .futureDropReadable(type)
        case 0x1b: return .futureDropWritable(type)
        case 0x2f: return .futureForward(type)
        default: throw .unknownByte(code, for: "a canonical definition", at: start)
        }
    }

    private mutating func threadBuiltin(_ code: UInt8, at start: Int) throws(BinaryError) -> CanonicalBuiltin {
        switch code {
        case 0x0c:
            try reserved("`thread.yield`")
            return .threadYield
        case 0x26: return .threadIndex
        case 0x27:
            let type = try u32("a core type index")
            return .threadNewIndirect(type: type, table: try u32("a core table index"))
        case 0x28: return .threadResumeLater
        case 0x29:
            try reserved("`thread.suspend`")
            return .threadSuspend
        case 0x2a:
            try reserved("`thread.suspend-then-resume`")
            return .threadSuspendThenResume
        case 0x2b:
            try reserved("`thread.yield-then-resume`")
            return .threadYieldThenResume
        case 0x2c:
            try reserved("`thread.suspend-then-promote`")
            return .threadSuspendThenPromote
        case 0x2d:
            try reserved("`thread.yield-then-promote`")
            return .threadYieldThenPromote
        case 0x40:
            let isShared = try boolean("`shared`")
            return .threadSpawnRef(isShared: isShared, type: try u32("a core type index"))
        case 0x41:
            let isShared = try boolean("`shared`")
            let type = try u32("a core type index")
            return .threadSpawnIndirect(isShared: isShared, type: type, table: try u32("a core table index"))
        case 0x42: return .threadAvailableParallelism(isShared: try boolean("`shared`"))
        default: throw .unknownByte(code, for: "a canonical definition", at: start)
        }
    }

    /// The options of a canonical definition; of repeated ones the first counts and the second is remembered.
    mutating func canonicalOptions() throws(BinaryError) -> CanonicalOptions {
        var options = CanonicalOptions()
        let count = try count("canonical options", maximum: Limits.canonicalOptions)
        for _ in 0..<count {
            let start = offset
            switch try byte("a canonical option") {
            case 0x00: options.set(\.stringEncoding, .utf8, "string-encoding")
            case 0x01: options.set(\.stringEncoding, .utf16, "string-encoding")
            case 0x02: options.set(\.stringEncoding, .latin1OrUTF16, "string-encoding")
            case 0x03: options.set(\.memory, try u32("a core memory index"), "memory")
            case 0x04: options.set(\.realloc, try u32("a core function index"), "realloc")
            case 0x05: options.set(\.postReturn, try u32("a core function index"), "post-return")
            case 0x06:
                if options.isAsync { options.clash("async") }
                options.isAsync = true
            case 0x07: options.set(\.callback, try u32("a core function index"), "callback")
            case 0x08: options.set(\.coreType, try u32("a core type index"), "core-type")
            case 0x09:
                if options.usesGarbageCollection { options.clash("gc") }
                options.usesGarbageCollection = true
            case let other: throw .unknownByte(other, for: "a canonical option", at: start)
            }
        }
        return options
    }
}

extension CanonicalOptions {
    fileprivate mutating func clash(_ option: String) {
        if conflict == nil { conflict = option }
    }

    fileprivate mutating func set<Value>(
        _ field: WritableKeyPath<CanonicalOptions, Value?>, _ value: Value, _ option: String
    ) {
        if self[keyPath: field] == nil { self[keyPath: field] = value } else { clash(option) }
    }
}
