// SPDX-License-Identifier: Apache-2.0

import CDovetailAdapters
package import DovetailBinary

/// The adapters that make components of core modules for WASI preview 1: core modules that implement it with WASI 0.2.
package enum Preview1Adapter: CaseIterable, Sendable {
    /// For programs, whose `_start` becomes `run` of `wasi:cli/run`.
    case command
    /// For libraries, which export what their own world says.
    case reactor
    /// ``command`` for hosts of WASI 0.2.0 to 0.2.11, where every exit code but 0 becomes 1.
    case command020
    /// ``reactor`` for hosts of WASI 0.2.0 to 0.2.11.
    case reactor020

    /// The module name under which programs import preview 1.
    package static let moduleName = "wasi_snapshot_preview1"

    /// The adapter that core modules need together: ``command`` or ``command020`` when one of them exports `_start`, else
    /// ``reactor`` or ``reactor020``; `nil` when they import nothing from preview 1.
    ///
    /// - Throws: `BinaryError` for what is no core module.
    package init?(for modules: [[UInt8]], forOlderHosts: Bool = false) throws(BinaryError) {
        var isNeeded = false
        var isCommand = false
        for module in modules {
            let binary = try CoreModuleBinary.decode(module)
            if binary.imports.contains(where: { $0.module == Self.moduleName }) { isNeeded = true }
            if binary.exports.contains(where: { $0.name == "_start" }) { isCommand = true }
        }
        guard isNeeded else { return nil }
        self =
            switch (isCommand, forOlderHosts) {
            case (true, false): .command
            case (false, false): .reactor
            case (true, true): .command020
            case (false, true): .reactor020
            }
    }

    /// The core module, with its world in a `component-type` section.
    package var bytes: [UInt8] {
        let adapter =
            switch self {
            case .command: dovetail_preview1_command
            case .reactor: dovetail_preview1_reactor
            case .command020: dovetail_preview1_command_0_2_0
            case .reactor020: dovetail_preview1_reactor_0_2_0
            }
        return [UInt8](UnsafeBufferPointer(start: adapter.bytes, count: adapter.count))
    }
}
