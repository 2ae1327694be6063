// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

extension ComponentPlan.Trampoline.Kind {
    /// Whether the core function belongs to tasks, subtasks, streams, futures or threads.
    var usesTasks: Bool {
        switch self {
        case .lower(let function, _, let isAsync): isAsync || function.type.isAsync
        case .taskReturn, .copy, .concurrency, .threadNew, .backpressure: true
        default: false
        }
    }

    /// Whether the core function can block the thread that calls it.
    var mayBlock: Bool {
        switch self {
        case .lower(let function, _, let isAsync): !isAsync && function.type.isAsync
        case .copy(let builtin, _, _), .concurrency(let builtin, _): builtin.mayBlock
        case .threadNew: true
        default: false
        }
    }
}

extension CanonicalBuiltin {
    fileprivate var mayBlock: Bool {
        switch self {
        case .streamRead(_, let options), .streamWrite(_, let options), .futureRead(_, let options),
            .futureWrite(_, let options):
            !options.isAsync
        case .streamCancelRead(_, let isAsync), .streamCancelWrite(_, let isAsync), .futureCancelRead(_, let isAsync),
            .futureCancelWrite(_, let isAsync), .subtaskCancel(let isAsync):
            !isAsync
        case .waitableSetWait, .threadSuspend, .threadYield, .threadSuspendThenResume,
            .threadYieldThenResume, .threadSuspendThenPromote, .threadYieldThenPromote:
            true
        default: false
        }
    }
}
