// SPDX-License-Identifier: Apache-2.0

/// An entry of the canon section. (Binary.md, "Canonical Definitions")
package enum CanonicalDefinition: Hashable, Sendable {
    case lift(coreFunction: UInt32, options: CanonicalOptions, type: UInt32)
    case lower(function: UInt32, options: CanonicalOptions)
    case builtin(CanonicalBuiltin)
}

/// The encoding of strings in a core memory.
package enum StringEncoding: Hashable, Sendable {
    case utf8
    case utf16
    case latin1OrUTF16
}

/// The options of a canonical definition, as written. (Binary.md, `canonopt`)
package struct CanonicalOptions: Hashable, Sendable {
    /// The encoding of strings; `utf8` where it is left out.
    package var stringEncoding: StringEncoding?
    /// The core memory's index.
    package var memory: UInt32?
    /// The index of the core function that allocates.
    package var realloc: UInt32?
    /// The index of the core function that is called when the result has been read.
    package var postReturn: UInt32?
    /// Whether the call does not block its caller.
    package var isAsync: Bool
    /// The index of the core function that takes the events of an async lift.
    package var callback: UInt32?
    /// The core function type that is wanted in place of the one that is computed (garbage collection).
    package var coreType: UInt32?
    /// Whether compound values are garbage-collected references.
    package var usesGarbageCollection: Bool
    /// The first option that was written twice, or against another one; a valid definition has none.
    package var conflict: String?

    /// Makes options.
    package init(
        stringEncoding: StringEncoding? = nil, memory: UInt32? = nil, realloc: UInt32? = nil,
        postReturn: UInt32? = nil, isAsync: Bool = false, callback: UInt32? = nil, coreType: UInt32? = nil,
        usesGarbageCollection: Bool = false, conflict: String? = nil
    ) {
        self.stringEncoding = stringEncoding
        self.memory = memory
        self.realloc = realloc
        self.postReturn = postReturn
        self.isAsync = isAsync
        self.callback = callback
        self.coreType = coreType
        self.usesGarbageCollection = usesGarbageCollection
        self.conflict = conflict
    }
}

/// The core functions that the canonical ABI supplies. A bare `UInt32` is a component type's index.
package enum CanonicalBuiltin: Hashable, Sendable {
    case resourceNew(UInt32)
    case resourceDrop(UInt32)
    case resourceRep(UInt32)
    case backpressureIncrement
    case backpressureDecrement
    case taskReturn(result: ValueTypeReference?, options: CanonicalOptions)
    case taskCancel
    case contextGet(CoreValueType, UInt32)
    case contextSet(CoreValueType, UInt32)
    case subtaskCancel(isAsync: Bool)
    case subtaskDrop
    case streamNew(UInt32)
    case streamRead(UInt32, CanonicalOptions)
    case streamWrite(UInt32, CanonicalOptions)
    case streamCancelRead(UInt32, isAsync: Bool)
    case streamCancelWrite(UInt32, isAsync: Bool)
    case streamDropReadable(UInt32)
    case streamDropWritable(UInt32)
    case streamForward(UInt32)
    case futureNew(UInt32)
    case futureRead(UInt32, CanonicalOptions)
    case futureWrite(UInt32, CanonicalOptions)
    case futureCancelRead(UInt32, isAsync: Bool)
    case futureCancelWrite(UInt32, isAsync: Bool)
    case futureDropReadable(UInt32)
    case futureDropWritable(UInt32)
    case futureForward(UInt32)
    case errorContextNew(CanonicalOptions)
    case errorContextDebugMessage(CanonicalOptions)
    case errorContextDrop
    case waitableSetNew
    case waitableSetWait(memory: UInt32)
    case waitableSetPoll(memory: UInt32)
    case waitableSetDrop
    case waitableJoin
    case threadIndex
    case threadNewIndirect(type: UInt32, table: UInt32)
    case threadResumeLater
    case threadSuspend
    case threadYield
    case threadSuspendThenResume
    case threadYieldThenResume
    case threadSuspendThenPromote
    case threadYieldThenPromote
    case threadSpawnRef(isShared: Bool, type: UInt32)
    case threadSpawnIndirect(isShared: Bool, type: UInt32, table: UInt32)
    case threadAvailableParallelism(isShared: Bool)
}
