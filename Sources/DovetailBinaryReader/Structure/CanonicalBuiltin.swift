// SPDX-License-Identifier: Apache-2.0

/// The core functions that the canonical ABI supplies. A bare `UInt32` is a component type's index.
package enum CanonicalBuiltin: Sendable {
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

extension CanonicalBuiltin {
    /// The type index of the stream or future that the built-in works on.
    package var transferType: (index: UInt32, isStream: Bool)? {
        switch self {
        case .streamNew(let type), .streamRead(let type, _), .streamWrite(let type, _), .streamCancelRead(let type, _),
            .streamCancelWrite(let type, _), .streamDropReadable(let type), .streamDropWritable(let type),
            .streamForward(let type):
            (type, true)
        case .futureNew(let type), .futureRead(let type, _), .futureWrite(let type, _), .futureCancelRead(let type, _),
            .futureCancelWrite(let type, _), .futureDropReadable(let type), .futureDropWritable(let type),
            .futureForward(let type):
            (type, false)
        default: nil
        }
    }

    /// The canonical options, where the built-in has some; the memory that a wait writes to is one.
    package var options: CanonicalOptions? {
        switch self {
        case .taskReturn(_, let options), .streamRead(_, let options), .streamWrite(_, let options),
            .futureRead(_, let options), .futureWrite(_, let options), .errorContextNew(let options),
            .errorContextDebugMessage(let options):
            options
        case .waitableSetWait(let memory), .waitableSetPoll(let memory): CanonicalOptions(memory: memory)
        default: nil
        }
    }
}
