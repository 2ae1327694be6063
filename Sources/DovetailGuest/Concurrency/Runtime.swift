// SPDX-License-Identifier: Apache-2.0

import Swift

// The functions of `tasks.c`.

@_extern(c, "dovetail_task_current") @usableFromInline func currentTask() -> UnsafeMutableRawPointer?
@_extern(c, "dovetail_task_cancel") @usableFromInline func cancelTask(_ task: UnsafeMutableRawPointer)
@_extern(c, "dovetail_task_is_cancelled")
@usableFromInline func isTaskCancelled(_ task: UnsafeMutableRawPointer?) -> Bool
@_extern(c, "dovetail_park")
@usableFromInline func parkTask(_ others: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
@_extern(c, "dovetail_unpark") @usableFromInline func unparkTasks(_ first: UnsafeMutableRawPointer?)
@_extern(c, "dovetail_yield") @usableFromInline func parkUntilNextTurn()
@_extern(c, "dovetail_sleep_begin") @usableFromInline func beginSleep(_ nanoseconds: UInt64) -> Int32
@_extern(c, "dovetail_wait_for_subtask") @usableFromInline func parkForSubtask(_ subtask: Int32)
@_extern(c, "dovetail_wait_for_cancellable_subtask") @usableFromInline func parkForCancellableSubtask(_ subtask: Int32)
@_extern(c, "dovetail_subtask_drop") @usableFromInline func dropSubtask(_ subtask: Int32)
@_extern(c, "dovetail_panic") @usableFromInline func reportPanic(_ why: UnsafePointer<Int8>)
@_extern(c, "dovetail_handler_add")
@usableFromInline func addHandler(
    _ function: @convention(c) (UnsafeMutableRawPointer) -> Void, _ context: UnsafeMutableRawPointer
) -> UnsafeMutableRawPointer
@_extern(c, "dovetail_handler_remove")
@usableFromInline func removeHandler(_ handler: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
@_extern(c, "dovetail_group_create") @usableFromInline func createGroup() -> UnsafeMutableRawPointer
@_extern(c, "dovetail_group_add")
@usableFromInline func addToGroup(_ group: UnsafeMutableRawPointer, _ task: UnsafeMutableRawPointer)
@_extern(c, "dovetail_group_cancel") @usableFromInline func cancelGroup(_ group: UnsafeMutableRawPointer)
@_extern(c, "dovetail_group_is_cancelled")
@usableFromInline func isGroupCancelled(_ group: UnsafeMutableRawPointer) -> Bool
@_extern(c, "dovetail_group_destroy") @usableFromInline func destroyGroup(_ group: UnsafeMutableRawPointer)

/// Says why and traps.
@_alwaysEmitIntoClient public func _panic(_ why: StaticString) -> Never {
    reportPanic(UnsafeRawPointer(why.utf8Start).assumingMemoryBound(to: Int8.self))
    fatalError()
}

/// Starts a task, of the call that is running; it runs when the running task waits.
@_alwaysEmitIntoClient @discardableResult
public func _startTask(_ operation: @escaping () async -> Void) -> UnsafeMutableRawPointer {
    nonisolated(unsafe) let operation = operation
    let (task, _) = Builtin.createTask(flags: 0, operation: operation)
    return UnsafeMutableRawPointer(Builtin.bridgeToRawPointer(task))
}

/// Suspends the running task until a subtask has resolved.
@_alwaysEmitIntoClient
public func _resolved(_ subtask: Int32) async {
    _ = await _event { parkForSubtask(subtask) }
    dropSubtask(subtask)
}

/// Suspends the running task until a subtask has resolved, which is cancelled with it.
///
/// - Returns: the state of the subtask.
@_alwaysEmitIntoClient
public func _resolvedUnlessCancelled(_ subtask: Int32) async -> Int32 {
    let state = await _event { parkForCancellableSubtask(subtask) }
    dropSubtask(subtask)
    return state
}

/// Suspends the running task; `park` says what for.
///
/// - Returns: the code of the event.
@_alwaysEmitIntoClient
public func _event(_ park: () -> Void) async -> Int32 {
    await Builtin.withUnsafeContinuation { (_: Builtin.RawUnsafeContinuation) in park() } as Int32
}
