// SPDX-License-Identifier: Apache-2.0

import Dovetail

extension ComponentPlan {
    /// Whether the component uses what only tasks that can suspend have.
    var needsAsync: Bool {
        if lifted.contains(where: \.isAsync) { return true }
        return trampolines.contains { trampoline in
            switch trampoline.kind {
            case .lower(_, _, let isAsync): isAsync
            case .resourceNew, .resourceDrop, .resourceRep, .contextGet, .contextSet: false
            default: true
            }
        }
    }
}
