// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

/// What the specification says of a canonical built-in. (CanonicalABI.md, "Canonical Definitions")
package struct BuiltinSignature: Sendable {
    /// A core parameter or result.
    package enum Operand: Sendable {
        case i32
        case i64
        /// An address or length: `i64` when the memory of the options is 64-bit, else `i32`.
        case address
        /// An index into the table of start functions.
        case tableIndex
        /// A value whose core type is that of the thing the built-in names: the representation of a resource, a context
        /// slot, the parameter of a thread's start function.
        case named
        /// A reference to a start function.
        case startFunction
        /// The parameters of a function that takes the task's result.
        case taskResult
    }

    /// When a canonical option is required.
    package enum Requirement: Sendable {
        case never
        case always
        /// When the stream or future has elements.
        case withElements
        /// When elements hold strings or lists.
        case withPointers
    }

    /// The name in the text format.
    package let name: String
    /// The core parameters.
    package let parameters: [Operand]
    /// The core results.
    package let results: [Operand]
    /// The features that have to be switched on.
    package let features: ComponentFeatures
    /// Whether the option `memory` is required.
    package let memory: Requirement
    /// Whether the option `realloc` is required.
    package let realloc: Requirement
    /// Whether a call may block the thread that makes it.
    package let mayBlock: Bool

    fileprivate init(
        _ name: String, _ parameters: [Operand], _ results: [Operand], _ features: ComponentFeatures,
        memory: Requirement = .never, realloc: Requirement = .never, mayBlock: Bool = false
    ) {
        self.name = name
        self.parameters = parameters
        self.results = results
        self.features = features
        self.memory = memory
        self.realloc = realloc
        self.mayBlock = mayBlock
    }

    fileprivate init(
        _ name: String, _ parameters: [Operand], _ features: ComponentFeatures, memory: Requirement = .never,
        realloc: Requirement = .never
    ) {
        self.init(name, parameters, [], features, memory: memory, realloc: realloc)
    }
}

extension CanonicalBuiltin {
    /// The built-in's row in the table of all of them.
    package var signature: BuiltinSignature {
        switch self {
        case .resourceNew: .init("resource.new", [.named], [.i32], [])
        case .resourceRep: .init("resource.rep", [.i32], [.named], [])
        case .resourceDrop: .init("resource.drop", [.i32], [])
        case .contextGet: .init("context.get", [], [.named], .async)
        case .contextSet: .init("context.set", [.named], .async)
        case .backpressureIncrement: .init("backpressure.inc", [], .async)
        case .backpressureDecrement: .init("backpressure.dec", [], .async)
        case .taskReturn: .init("task.return", [.taskResult], .async)
        case .taskCancel: .init("task.cancel", [], .async)
        case .subtaskCancel(let isAsync):
            .init("subtask.cancel", [.i32], [.i32], Self.cancelling(isAsync), mayBlock: !isAsync)
        case .subtaskDrop: .init("subtask.drop", [.i32], .async)
        case .streamNew: .init("stream.new", [], [.i64], .async)
        case .streamRead(_, let options):
            .init(
                "stream.read", [.i32, .address, .address], [.address], Self.copying(options), memory: .withElements,
                realloc: .withPointers, mayBlock: !options.isAsync)
        case .streamWrite(_, let options):
            .init(
                "stream.write", [.i32, .address, .address], [.address], Self.copying(options), memory: .withElements,
                mayBlock: !options.isAsync)
        case .streamCancelRead(_, let isAsync):
            .init("stream.cancel-read", [.i32], [.i32], Self.cancelling(isAsync), mayBlock: !isAsync)
        case .streamCancelWrite(_, let isAsync):
            .init("stream.cancel-write", [.i32], [.i32], Self.cancelling(isAsync), mayBlock: !isAsync)
        case .streamDropReadable: .init("stream.drop-readable", [.i32], .async)
        case .streamDropWritable: .init("stream.drop-writable", [.i32], .async)
        case .streamForward: .init("stream.forward", [.i32, .i32], [.async, .forward])
        case .futureNew: .init("future.new", [], [.i64], .async)
        case .futureRead(_, let options):
            .init(
                "future.read", [.i32, .address], [.i32], Self.copying(options), memory: .withElements,
                realloc: .withPointers, mayBlock: !options.isAsync)
        case .futureWrite(_, let options):
            .init(
                "future.write", [.i32, .address], [.i32], Self.copying(options), memory: .withElements,
                mayBlock: !options.isAsync)
        case .futureCancelRead(_, let isAsync):
            .init("future.cancel-read", [.i32], [.i32], Self.cancelling(isAsync), mayBlock: !isAsync)
        case .futureCancelWrite(_, let isAsync):
            .init("future.cancel-write", [.i32], [.i32], Self.cancelling(isAsync), mayBlock: !isAsync)
        case .futureDropReadable: .init("future.drop-readable", [.i32], .async)
        case .futureDropWritable: .init("future.drop-writable", [.i32], .async)
        case .futureForward: .init("future.forward", [.i32, .i32], [.async, .forward])
        case .errorContextNew:
            .init("error-context.new", [.address, .address], [.i32], .errorContext, memory: .always)
        case .errorContextDebugMessage:
            .init("error-context.debug-message", [.i32, .address], .errorContext, memory: .always, realloc: .always)
        case .errorContextDrop: .init("error-context.drop", [.i32], .errorContext)
        case .waitableSetNew: .init("waitable-set.new", [], [.i32], .async)
        case .waitableSetWait:
            .init("waitable-set.wait", [.i32, .address], [.i32], .async, memory: .always, mayBlock: true)
        case .waitableSetPoll: .init("waitable-set.poll", [.i32, .address], [.i32], .async, memory: .always)
        case .waitableSetDrop: .init("waitable-set.drop", [.i32], .async)
        case .waitableJoin: .init("waitable.join", [.i32, .i32], .async)
        case .threadIndex: .init("thread.index", [], [.i32], .threading)
        // It returns at once, but the thread that it makes needs a stack of its own.
        case .threadNewIndirect:
            .init("thread.new-indirect", [.tableIndex, .named], [.i32], .threading, mayBlock: true)
        case .threadResumeLater: .init("thread.resume-later", [.i32], .threading)
        case .threadSuspend: .init("thread.suspend", [], [.i32], .threading, mayBlock: true)
        case .threadYield: .init("thread.yield", [], [.i32], .async, mayBlock: true)
        case .threadSuspendThenResume:
            .init("thread.suspend-then-resume", [.i32], [.i32], .threading, mayBlock: true)
        case .threadYieldThenResume:
            .init("thread.yield-then-resume", [.i32], [.i32], .threading, mayBlock: true)
        case .threadSuspendThenPromote:
            .init("thread.suspend-then-promote", [.i32], [.i32], .threading, mayBlock: true)
        case .threadYieldThenPromote:
            .init("thread.yield-then-promote", [.i32], [.i32], .threading, mayBlock: true)
        case .threadSpawnRef:
            .init("thread.spawn-ref", [.startFunction, .named], [.i32], .sharedEverythingThreads)
        case .threadSpawnIndirect:
            .init("thread.spawn-indirect", [.tableIndex, .named], [.i32], .sharedEverythingThreads)
        case .threadAvailableParallelism:
            .init("thread.available-parallelism", [], [.i32], .sharedEverythingThreads)
        }
    }

    private static func copying(_ options: CanonicalOptions) -> ComponentFeatures {
        options.isAsync ? .async : [.async, .moreAsyncBuiltins]
    }

    private static func cancelling(_ isAsync: Bool) -> ComponentFeatures {
        isAsync ? [.async, .moreAsyncBuiltins] : .async
    }
}
