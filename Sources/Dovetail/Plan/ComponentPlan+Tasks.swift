// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

extension ComponentPlan.Trampoline.Kind {
    /// Whether the core function belongs to tasks, subtasks, streams, futures or threads.
    var usesTasks: Bool {
        switch self {
        case .lower(let function, _, _, let isAsync): isAsync || function.type.isAsync
        case .taskReturn, .copy, .concurrency, .threadNew, .backpressure: true
        default: false
        }
    }

    /// Whether the core function can block the thread that calls it.
    var mayBlock: Bool {
        switch self {
        case .lower(let function, _, _, let isAsync): !isAsync && function.type.isAsync
        case .copy(let builtin, _, _): builtin.signature.mayBlock && !builtin.isCancelling
        case .concurrency(let builtin, _): builtin.signature.mayBlock
        case .threadNew: true
        default: false
        }
    }
}
