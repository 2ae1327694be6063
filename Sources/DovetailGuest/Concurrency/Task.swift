// SPDX-License-Identifier: Apache-2.0

import Swift

/// Work that runs beside the code that started it, and goes on after the function that did so has returned its result.
///
/// It belongs to the call of an exported function that it was started in: that call ends with the last of its tasks.
public struct Task<Success, Failure: Error>: Sendable {
    @usableFromInline let state: TaskState<Success, Failure>

    /// Starts a task.
    ///
    /// - Parameters:
    ///   - priority: has no effect.
    ///   - operation: what it does. A closure that throws has to say what: `{ () async throws(E) -> T in … }`. It need not be
    ///     `sending`: a component has one thread.
    @_alwaysEmitIntoClient @discardableResult
    public init(
        priority: TaskPriority? = nil, operation: @escaping () async throws(Failure) -> Success
    ) {
        let state = TaskState<Success, Failure>()
        self.state = state
        state.task = _startTask {
            let result: Result<Success, Failure>
            do throws(Failure) { result = .success(try await operation()) } catch { result = .failure(error) }
            state.finish(result)
        }
    }

    /// Starts a task; there is nothing that another kind of task would take over from the one that starts it.
    @_alwaysEmitIntoClient @discardableResult
    public static func detached(
        priority: TaskPriority? = nil, operation: @escaping () async throws(Failure) -> Success
    ) -> Task { Task(priority: priority, operation: operation) }

    /// The result, when the task has ended.
    @_alwaysEmitIntoClient
    public var result: Result<Success, Failure> {
        get async {
            while true {
                if let result = state.result { return result }
                await Builtin.withUnsafeContinuation { (_: Builtin.RawUnsafeContinuation) in
                    state.waiting = parkTask(state.waiting)
                } as Void
            }
        }
    }

    /// The value, when the task has ended.
    @_alwaysEmitIntoClient
    public var value: Success {
        get async throws(Failure) { try await result.get() }
    }

    /// Asks the task to end early.
    @_alwaysEmitIntoClient
    public func cancel() {
        state.isCancelled = true
        if let task = state.task { cancelTask(task) }
    }

    /// Whether the task was asked to end early.
    @_alwaysEmitIntoClient
    public var isCancelled: Bool { state.isCancelled }
}

extension Task where Failure == Never {
    /// The value, when the task has ended.
    @_alwaysEmitIntoClient
    public var value: Success {
        get async {
            switch await result {
            case .success(let value): return value
            }
        }
    }
}

extension Task: Hashable {
    /// Whether both are the same task.
    @_alwaysEmitIntoClient
    public static func == (left: Task, right: Task) -> Bool { left.state === right.state }
    /// Hashes the identity.
    @_alwaysEmitIntoClient
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(state)) }
}

/// What those who hold a task share with it.
@usableFromInline final class TaskState<Success, Failure: Error>: @unchecked Sendable {
    // @unchecked because a component has one thread.
    /// The task, until it has ended.
    @usableFromInline var task: UnsafeMutableRawPointer?
    @usableFromInline var result: Result<Success, Failure>?
    /// The first of the tasks that wait for the result.
    @usableFromInline var waiting: UnsafeMutableRawPointer?
    @usableFromInline var isCancelled = false

    @_alwaysEmitIntoClient init() {}

    @_alwaysEmitIntoClient func finish(_ result: Result<Success, Failure>) {
        task = nil
        self.result = result
        let waiting = waiting
        self.waiting = nil
        unparkTasks(waiting)
    }
}

/// A task was asked to end early.
public struct CancellationError: Error, Hashable {
    /// Makes one.
    public init() {}
}

extension Task where Success == Never, Failure == Never {
    /// Whether the running task was asked to end early.
    @_alwaysEmitIntoClient
    public static var isCancelled: Bool { isTaskCancelled(currentTask()) }

    /// - Throws: `CancellationError` when the running task was asked to end early.
    @_alwaysEmitIntoClient
    public static func checkCancellation() throws(CancellationError) {
        if isCancelled { throw CancellationError() }
    }

    /// Lets other tasks run, those of other calls included.
    @_alwaysEmitIntoClient
    public static func yield() async {
        await Builtin.withUnsafeContinuation { (_: Builtin.RawUnsafeContinuation) in parkUntilNextTurn() } as Void
    }

    /// Suspends the running task for some time. The world has to import `wasi:clocks/monotonic-clock` 0.3.
    ///
    /// - Throws: `CancellationError` when the task is asked to end early.
    @_alwaysEmitIntoClient
    public static func sleep(nanoseconds: UInt64) async throws(CancellationError) {
        if isCancelled { throw CancellationError() }
        let status = beginSleep(nanoseconds)
        // 2 is `RETURNED`.
        if status & 15 != 2, await _resolvedUnlessCancelled(status >> 4) != 2 { throw CancellationError() }
    }

    /// Suspends the running task for some time. The world has to import `wasi:clocks/monotonic-clock` 0.3.
    ///
    /// - Throws: `CancellationError` when the task is asked to end early.
    @_alwaysEmitIntoClient
    public static func sleep(for duration: Duration) async throws(CancellationError) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflows) = UInt64(max(seconds, 0)).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflows2) = whole.addingReportingOverflow(UInt64(max(attoseconds, 0)) / 1_000_000_000)
        try await sleep(nanoseconds: overflows || overflows2 ? .max : sum)
    }
}
