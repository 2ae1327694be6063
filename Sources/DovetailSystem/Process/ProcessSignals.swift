// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// Signals with which a server is told to end, or to read its files again.
package enum ProcessSignals {
    /// A signal, by its number.
    package enum Signal: UInt8, Sendable {
        /// `SIGHUP`
        case hangup = 1
        /// `SIGINT`
        case interrupt = 2
        /// `SIGTERM`
        case terminate = 15
    }

    /// Calls `body`, on a thread of its own, for each of these signals, which have no other effect from now on. To be called once.
    package static func handle(_ body: @escaping @Sendable (Signal) -> Void) throws(SystemError) {
        let pipe = OwnedDescriptor(try SystemError.check(dovetail_sys_signal_pipe()))
        try SystemThread.start("dovetail-signal") {
            dovetail_sys_unblock_signals()
            while let numbers = try? pipe.read(16), !numbers.isEmpty {
                for number in numbers { if let signal = Signal(rawValue: number) { body(signal) } }
            }
        }
    }
}
