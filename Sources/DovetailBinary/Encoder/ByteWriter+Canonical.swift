// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

// The canon section. (Binary.md, "Canonical Definitions")
extension ByteWriter {
    mutating func canonical(_ definition: CanonicalDefinition) {
        switch definition {
        case .lift(let function, let options, let type):
            raw([0x00, 0x00])
            u32(function)
            canonicalOptions(options)
            u32(type)
        case .lower(let function, let options):
            raw([0x01, 0x00])
            u32(function)
            canonicalOptions(options)
        case .builtin(let builtin): canonicalBuiltin(builtin)
        }
    }

    private mutating func code(_ code: UInt8, _ index: UInt32) {
        byte(code)
        u32(index)
    }

    private mutating func code(_ code: UInt8, _ index: UInt32, _ options: CanonicalOptions) {
        byte(code)
        u32(index)
        canonicalOptions(options)
    }

    private mutating func code(_ code: UInt8, _ index: UInt32, _ isAsync: Bool) {
        byte(code)
        u32(index)
        boolean(isAsync)
    }

    private mutating func canonicalBuiltin(_ builtin: CanonicalBuiltin) {
        switch builtin {
        case .resourceNew(let type): code(0x02, type)
        case .resourceDrop(let type): code(0x03, type)
        case .resourceRep(let type): code(0x04, type)
        case .taskCancel: byte(0x05)
        case .subtaskCancel(let isAsync):
            byte(0x06)
            boolean(isAsync)
        case .taskReturn(let result, let options):
            byte(0x09)
            resultList(result)
            canonicalOptions(options)
        case .contextGet(let type, let slot):
            byte(0x0a)
            coreValueType(type)
            u32(slot)
        case .contextSet(let type, let slot):
            byte(0x0b)
            coreValueType(type)
            u32(slot)
        case .subtaskDrop: byte(0x0d)
        case .streamNew(let type): code(0x0e, type)
        case .streamRead(let type, let options): code(0x0f, type, options)
        case .streamWrite(let type, let options): code(0x10, type, options)
        case .streamCancelRead(let type, let isAsync): code(0x11, type, isAsync)
        case .streamCancelWrite(let type, let isAsync): code(0x12, type, isAsync)
        case .streamDropReadable(let type): code(0x13, type)
        case .streamDropWritable(let type): code(0x14, type)
        case .streamForward(let type): code(0x2e, type)
        case .futureNew(let type): code(0x15, type)
        case .futureRead(let type, let options): code(0x16, type, options)
        case .futureWrite(let type, let options): code(0x17, type, options)
        case .futureCancelRead(let type, let isAsync): code(0x18, type, isAsync)
        case .futureCancelWrite(let type, let isAsync): code(0x19, type, isAsync)
        case .futureDropReadable(let type): code(0x1a, type)
        case .futureDropWritable(let type): code(0x1b, type)
        case .futureForward(let type): code(0x2f, type)
        case .errorContextNew(let options):
            byte(0x1c)
            canonicalOptions(options)
        case .errorContextDebugMessage(let options):
            byte(0x1d)
            canonicalOptions(options)
        case .errorContextDrop: byte(0x1e)
        case .waitableSetNew: byte(0x1f)
        case .waitableSetWait(let memory):
            raw([0x20, 0x00])
            u32(memory)
        case .waitableSetPoll(let memory):
            raw([0x21, 0x00])
            u32(memory)
        case .waitableSetDrop: byte(0x22)
        case .waitableJoin: byte(0x23)
        case .backpressureIncrement: byte(0x24)
        case .backpressureDecrement: byte(0x25)
        default: threadBuiltin(builtin)
        }
    }

    private mutating func threadBuiltin(_ builtin: CanonicalBuiltin) {
        switch builtin {
        case .threadYield: raw([0x0c, 0x00])
        case .threadIndex: byte(0x26)
        case .threadNewIndirect(let type, let table):
            code(0x27, type)
            u32(table)
        case .threadResumeLater: byte(0x28)
        case .threadSuspend: raw([0x29, 0x00])
        case .threadSuspendThenResume: raw([0x2a, 0x00])
        case .threadYieldThenResume: raw([0x2b, 0x00])
        case .threadSuspendThenPromote: raw([0x2c, 0x00])
        case .threadYieldThenPromote: raw([0x2d, 0x00])
        case .threadSpawnRef(let isShared, let type):
            byte(0x40)
            boolean(isShared)
            u32(type)
        case .threadSpawnIndirect(let isShared, let type, let table):
            byte(0x41)
            boolean(isShared)
            u32(type)
            u32(table)
        case .threadAvailableParallelism(let isShared):
            byte(0x42)
            boolean(isShared)
        default: break
        }
    }

    /// The options of a canonical definition, in the order in which the reference tools write them. One that clashed
    /// with an earlier one is written again, so that it stays invalid.
    mutating func canonicalOptions(_ options: CanonicalOptions) {
        var written: [(name: String, bytes: [UInt8])] = []
        func add(_ name: String, _ code: UInt8, _ index: UInt32? = nil) {
            var option = ByteWriter()
            option.byte(code)
            if let index { option.u32(index) }
            written.append((name, option.bytes))
        }
        if let memory = options.memory { add("memory", 0x03, memory) }
        if let realloc = options.realloc { add("realloc", 0x04, realloc) }
        switch options.stringEncoding {
        case nil: break
        case .utf8: add("string-encoding", 0x00)
        case .utf16: add("string-encoding", 0x01)
        case .latin1OrUTF16: add("string-encoding", 0x02)
        }
        if options.isAsync { add("async", 0x06) }
        if let callback = options.callback { add("callback", 0x07, callback) }
        if let postReturn = options.postReturn { add("post-return", 0x05, postReturn) }
        if let coreType = options.coreType { add("core-type", 0x08, coreType) }
        if options.usesGarbageCollection { add("gc", 0x09) }
        if let conflict = options.conflict, let again = written.first(where: { $0.name == conflict }) {
            written.append(again)
        }
        vector(written) { $0.raw($1.bytes) }
    }
}
