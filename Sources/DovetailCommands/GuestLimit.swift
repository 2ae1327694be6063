// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailCoreRunner
import DovetailWASI

/// Which option lifts the limit that a guest ran into.
enum GuestLimit {
    /// The option's name; `nil` for an error that is no limit of ours.
    static func option(thatLifts error: any Error) -> String? {
        switch error {
        case let error as WASIError: error.code == .limit ? "--max-random-size" : nil
        case let trap as Trap: option(trap)
        case let error as ABIError: option(error)
        case let error as CoreModuleError: option(engineMessage: error.message)
        default: option(engineMessage: "\(error)")
        }
    }

    private static func option(_ trap: Trap) -> String? {
        if let cause = trap.cause, let option = option(thatLifts: cause) { return option }
        switch trap.code {
        case .stackOverflow: return "--max-wasm-stack"
        case .limit: return trap.message.contains("stacks") ? "--max-stacks" : "--max-resources"
        default: return option(engineMessage: trap.message)
        }
    }

    private static func option(_ error: ABIError) -> String? {
        switch error.code {
        case .copyLimit: "--hostcall-fuel"
        case .tableFull: "--max-resources"
        default: nil
        }
    }

    /// The engine has no codes for its limits, only words.
    private static func option(engineMessage message: String) -> String? {
        let words = [
            ("exceeds memory limits", "--max-memory"), ("exceeds table limits", "--max-table-elements"),
            ("instance count too high", "--max-instances"), ("call stack exhausted", "--max-wasm-stack"),
        ]
        return words.first { message.contains($0.0) }?.1
    }
}
