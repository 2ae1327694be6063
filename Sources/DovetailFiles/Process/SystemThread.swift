// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// Threads of the system, for work that waits in system calls.
package enum SystemThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread that nobody waits for; of its name, 15 bytes are shown.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let context = Unmanaged.passRetained(Body(body))
        let outcome = dovetail_sys_thread_start(
            name,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
            }, context.toOpaque())
        do throws(SystemError) {
            try SystemError.check(outcome)
        } catch {
            context.release()
            throw error
        }
    }

    /// Makes the calling thread sleep.
    package static func sleep(nanoseconds: UInt64) { dovetail_sys_sleep(nanoseconds) }
}
