// SPDX-License-Identifier: Apache-2.0

import Swift

// What the compiler looks up by name. A component has one thread, so that an actor is never entered twice at a time: executors have
// nothing to do.

/// What all actors are.
@_marker public protocol AnyActor: AnyObject, Sendable {}

/// An actor.
public protocol Actor: AnyActor {
    /// Where its code runs.
    nonisolated var unownedExecutor: UnownedSerialExecutor { get }
}

/// Something that runs code.
public protocol Executor: AnyObject, Sendable {}

/// An executor that runs one piece of code after the other.
public protocol SerialExecutor: Executor {}

/// An executor that tasks may prefer.
public protocol TaskExecutor: Executor {}

/// A reference to an executor.
@frozen public struct UnownedSerialExecutor: Sendable {
    /// The compiler's own value.
    public var executor: Builtin.Executor

    /// Makes one of the compiler's own value.
    @inlinable public init(_ executor: Builtin.Executor) { self.executor = executor }
}

/// An actor of which there is one.
public protocol GlobalActor {
    /// The type of the actor.
    associatedtype ActorType: Actor
    /// The actor.
    static var shared: ActorType { get }
}

/// How urgent a task is; a component runs its tasks in order, whatever they say.
public struct TaskPriority: RawRepresentable, Equatable, Sendable {
    /// The number.
    public var rawValue: UInt8
    /// Makes one of its number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// For what a user waits for.
    public static var high: TaskPriority { TaskPriority(rawValue: 25) }
    /// The usual one.
    public static var medium: TaskPriority { TaskPriority(rawValue: 21) }
    /// For what can wait.
    public static var low: TaskPriority { TaskPriority(rawValue: 17) }
    /// What a user asked for.
    public static var userInitiated: TaskPriority { high }
    /// What a user did not ask for.
    public static var utility: TaskPriority { low }
    /// What nobody waits for.
    public static var background: TaskPriority { TaskPriority(rawValue: 9) }
}
