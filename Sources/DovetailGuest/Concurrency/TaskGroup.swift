// SPDX-License-Identifier: Apache-2.0

import Swift

/// Tasks that a function waits for, in the order in which they end.
public struct TaskGroup<ChildTaskResult>: AsyncSequence {
    @usableFromInline let state: GroupState<ChildTaskResult>

    @_alwaysEmitIntoClient init() { state = GroupState() }

    /// Starts a task of the group.
    @_alwaysEmitIntoClient
    public mutating func addTask(
        priority: TaskPriority? = nil, operation: @escaping () async -> ChildTaskResult
    ) {
        let state = state
        state.running += 1
        addToGroup(state.group, _startTask { state.finish(await operation()) })
    }

    /// Starts a task of the group, unless the group was cancelled.
    ///
    /// - Returns: whether it did.
    @_alwaysEmitIntoClient @discardableResult
    public mutating func addTaskUnlessCancelled(
        priority: TaskPriority? = nil, operation: @escaping () async -> ChildTaskResult
    ) -> Bool {
        if isCancelled { return false }
        addTask(priority: priority, operation: operation)
        return true
    }

    /// The result of the next task that ends; `nil` when there is none left.
    @_alwaysEmitIntoClient
    public mutating func next() async -> ChildTaskResult? { await state.next() }

    /// Waits for all tasks; their results are dropped.
    @_alwaysEmitIntoClient
    public mutating func waitForAll() async { while await state.next() != nil {} }

    /// Whether all results have been taken.
    @_alwaysEmitIntoClient
    public var isEmpty: Bool { state.running == 0 && state.first == nil }

    /// Whether the tasks of the group were asked to end early.
    @_alwaysEmitIntoClient
    public var isCancelled: Bool { isGroupCancelled(state.group) }

    /// Asks all tasks of the group to end early, those to come included.
    @_alwaysEmitIntoClient
    public func cancelAll() { cancelGroup(state.group) }

    /// The results, in the order in which the tasks end.
    @_alwaysEmitIntoClient
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(state) }

    /// Gives the results in the order in which the tasks end.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The type of the results.
        public typealias Element = ChildTaskResult
        /// Nothing is thrown.
        public typealias Failure = Never
        @usableFromInline let state: GroupState<ChildTaskResult>

        @_alwaysEmitIntoClient init(_ state: GroupState<ChildTaskResult>) { self.state = state }

        /// The next result.
        @_alwaysEmitIntoClient
        public mutating func next() async -> ChildTaskResult? { await state.next() }
    }
}

/// What a group shares with its tasks.
@usableFromInline final class GroupState<Element>: @unchecked Sendable {
    // @unchecked because a component has one thread.
    @usableFromInline final class Node {
        @usableFromInline let value: Element
        @usableFromInline var next: Node?

        @_alwaysEmitIntoClient init(_ value: Element) { self.value = value }
    }

    @usableFromInline let group: UnsafeMutableRawPointer
    @usableFromInline var running = 0
    @usableFromInline var first: Node?
    @usableFromInline var last: Node?
    @usableFromInline var waiting: UnsafeMutableRawPointer?

    @_alwaysEmitIntoClient init() { group = createGroup() }

    @_alwaysEmitIntoClient func finish(_ value: Element) {
        running -= 1
        let node = Node(value)
        if let last { last.next = node } else { first = node }
        last = node
        let waiting = waiting
        self.waiting = nil
        unparkTasks(waiting)
    }

    @_alwaysEmitIntoClient func next() async -> Element? {
        while true {
            if let node = first {
                first = node.next
                if first == nil { last = nil }
                return node.value
            }
            if running == 0 { return nil }
            await Builtin.withUnsafeContinuation { (_: Builtin.RawUnsafeContinuation) in
                waiting = parkTask(waiting)
            } as Void
        }
    }
}

/// Runs `body` with a group of tasks, and waits for those that it left.
@_alwaysEmitIntoClient
public func withTaskGroup<ChildTaskResult, GroupResult>(
    of childTaskResultType: ChildTaskResult.Type = ChildTaskResult.self,
    returning returnType: GroupResult.Type = GroupResult.self,
    body: (inout TaskGroup<ChildTaskResult>) async -> GroupResult
) async -> GroupResult {
    var group = TaskGroup<ChildTaskResult>()
    let result = await body(&group)
    await group.waitForAll()
    destroyGroup(group.state.group)
    return result
}

/// Tasks that a function waits for, in the order in which they end, and that may throw.
public struct ThrowingTaskGroup<ChildTaskResult, Failure: Error>: AsyncSequence {
    @usableFromInline var group: TaskGroup<Result<ChildTaskResult, Failure>>

    @_alwaysEmitIntoClient init() { group = TaskGroup() }

    /// Starts a task of the group. A closure has to say what it throws: `{ () async throws(E) -> T in … }`.
    @_alwaysEmitIntoClient
    public mutating func addTask(
        priority: TaskPriority? = nil, operation: @escaping () async throws(Failure) -> ChildTaskResult
    ) {
        group.addTask {
            do throws(Failure) { return .success(try await operation()) } catch { return .failure(error) }
        }
    }

    /// The result of the next task that ends; `nil` when there is none left.
    @_alwaysEmitIntoClient
    public mutating func next() async throws(Failure) -> ChildTaskResult? { try await group.next()?.get() }

    /// The result of the next task that ends, its error included; `nil` when there is none left.
    @_alwaysEmitIntoClient
    public mutating func nextResult() async -> Result<ChildTaskResult, Failure>? { await group.next() }

    /// Waits for all tasks; their results are dropped.
    ///
    /// - Throws: the error of the first one that throws.
    @_alwaysEmitIntoClient
    public mutating func waitForAll() async throws(Failure) { while try await next() != nil {} }

    /// Whether all results have been taken.
    @_alwaysEmitIntoClient
    public var isEmpty: Bool { group.isEmpty }

    /// Whether the tasks of the group were asked to end early.
    @_alwaysEmitIntoClient
    public var isCancelled: Bool { group.isCancelled }

    /// Asks all tasks of the group to end early, those to come included.
    @_alwaysEmitIntoClient
    public func cancelAll() { group.cancelAll() }

    /// The results, in the order in which the tasks end.
    @_alwaysEmitIntoClient
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(group.makeAsyncIterator()) }

    /// Gives the results in the order in which the tasks end.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The type of the results.
        public typealias Element = ChildTaskResult
        @usableFromInline var base: TaskGroup<Result<ChildTaskResult, Failure>>.AsyncIterator

        @_alwaysEmitIntoClient init(_ base: TaskGroup<Result<ChildTaskResult, Failure>>.AsyncIterator) {
            self.base = base
        }

        /// The next result.
        @_alwaysEmitIntoClient
        public mutating func next() async throws(Failure) -> ChildTaskResult? { try await base.next()?.get() }
    }
}

/// Runs `body` with a group of tasks that may throw `failure`, and waits for those that it left; they are cancelled when it throws.
@_alwaysEmitIntoClient
public func withThrowingTaskGroup<ChildTaskResult, GroupResult, Failure: Error>(
    of childTaskResultType: ChildTaskResult.Type = ChildTaskResult.self,
    returning returnType: GroupResult.Type = GroupResult.self, throwing failure: Failure.Type,
    body: (inout ThrowingTaskGroup<ChildTaskResult, Failure>) async throws(Failure) -> GroupResult
) async throws(Failure) -> GroupResult {
    var group = ThrowingTaskGroup<ChildTaskResult, Failure>()
    let result: Result<GroupResult, Failure>
    do throws(Failure) { result = .success(try await body(&group)) } catch {
        group.cancelAll()
        result = .failure(error)
    }
    await group.group.waitForAll()
    destroyGroup(group.group.state.group)
    return try result.get()
}
