// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

extension CanonicalBuiltin {
    /// The core type of a built-in of streams, futures, tasks, waitables or threads; `pointer` is the memory's index type.
    func signature(_ pointer: CoreSignature.Kind) -> CoreSignature {
        switch self {
        case .streamNew, .futureNew: CoreSignature([], [.i64])
        case .streamRead, .streamWrite: CoreSignature([.i32, pointer, pointer], [.i32])
        case .futureRead, .futureWrite: CoreSignature([.i32, pointer], [.i32])
        case .streamCancelRead, .streamCancelWrite, .futureCancelRead, .futureCancelWrite: CoreSignature([.i32], [.i32])
        case .streamDropReadable, .streamDropWritable, .futureDropReadable, .futureDropWritable:
            CoreSignature([.i32], [])
        case .streamForward, .futureForward: CoreSignature([.i32, .i32], [])
        case .taskCancel: CoreSignature([], [])
        case .subtaskCancel: CoreSignature([.i32], [.i32])
        case .subtaskDrop, .waitableSetDrop, .threadResumeLater: CoreSignature([.i32], [])
        case .waitableSetNew, .threadIndex, .threadSuspend, .threadYield: CoreSignature([], [.i32])
        case .waitableSetWait, .waitableSetPoll: CoreSignature([.i32, pointer], [.i32])
        case .waitableJoin: CoreSignature([.i32, .i32], [])
        case .threadSuspendThenResume, .threadYieldThenResume, .threadSuspendThenPromote, .threadYieldThenPromote:
            CoreSignature([.i32], [.i32])
        default: CoreSignature([], [])
        }
    }

    /// The name in the text format.
    var name: String {
        switch self {
        case .streamNew: "stream.new"
        case .streamRead: "stream.read"
        case .streamWrite: "stream.write"
        case .streamCancelRead: "stream.cancel-read"
        case .streamCancelWrite: "stream.cancel-write"
        case .streamDropReadable: "stream.drop-readable"
        case .streamDropWritable: "stream.drop-writable"
        case .streamForward: "stream.forward"
        case .futureNew: "future.new"
        case .futureRead: "future.read"
        case .futureWrite: "future.write"
        case .futureCancelRead: "future.cancel-read"
        case .futureCancelWrite: "future.cancel-write"
        case .futureDropReadable: "future.drop-readable"
        case .futureDropWritable: "future.drop-writable"
        case .futureForward: "future.forward"
        case .taskCancel: "task.cancel"
        case .subtaskCancel: "subtask.cancel"
        case .subtaskDrop: "subtask.drop"
        case .waitableSetNew: "waitable-set.new"
        case .waitableSetWait: "waitable-set.wait"
        case .waitableSetPoll: "waitable-set.poll"
        case .waitableSetDrop: "waitable-set.drop"
        case .waitableJoin: "waitable.join"
        case .threadIndex: "thread.index"
        case .threadResumeLater: "thread.resume-later"
        case .threadSuspend: "thread.suspend"
        case .threadYield: "thread.yield"
        case .threadSuspendThenResume: "thread.suspend-then-resume"
        case .threadYieldThenResume: "thread.yield-then-resume"
        case .threadSuspendThenPromote: "thread.suspend-then-promote"
        case .threadYieldThenPromote: "thread.yield-then-promote"
        default: "a built-in"
        }
    }
}
