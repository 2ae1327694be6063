// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
internal import Synchronization

/// A non-blocking descriptor of ours that loops watch: it remembers what can be done with it, so that asking costs no system call.
///
/// It is registered with one loop at a time, that on which somebody last waited for it. Used on another thread than that of its loop,
/// it may seem ready when it no longer is; the next attempt shows that.
public final class EventSource: Sendable {
    /// What is waited for.
    public enum Direction: Sendable {
        /// To read.
        case reading
        /// To write.
        case writing
    }

    private struct Signals {
        // Ready until an attempt shows that it is not.
        let readable = ReadinessSignal(raised: true)
        let writable = ReadinessSignal(raised: true)
    }

    /// What a loop knows of it, until another loop has it.
    private final class Registration: EventLoop.Handler {
        let signals: Signals
        let isValid = Atomic(true)

        init(_ signals: Signals) { self.signals = signals }

        func handle(_ ready: ReadySet) {
            guard isValid.load(ordering: .acquiring) else { return }
            if ready.contains(.readable) { signals.readable.raise() }
            if ready.contains(.writable) { signals.writable.raise() }
        }

        // An attempt shows what is so, and whoever waits after it finds a loop that is driven.
        func loopHasEnded() { handle([.readable, .writable]) }
    }

    private struct Home {
        let loop: EventLoop
        let token: UInt64
        let registration: Registration
    }

    package let descriptor: OwnedDescriptor
    private let signals = Signals()
    private let home = Mutex<Home?>(nil)

    /// Takes over a descriptor in non-blocking mode.
    package init(_ descriptor: OwnedDescriptor) { self.descriptor = descriptor }

    deinit {
        if let home = home.withLock({ $0 }) { home.loop.deregister(descriptor.number, home.token) }
    }

    /// Raised while an attempt in this direction may succeed.
    package func signal(_ direction: Direction) -> ReadinessSignal {
        direction == .reading ? signals.readable : signals.writable
    }

    /// Whether anybody waits for it.
    var isObserved: Bool { signals.readable.isObserved || signals.writable.isObserved }

    /// Lets a loop watch the descriptor from now on, in the place of another one.
    func attach(to loop: EventLoop) throws(SystemError) {
        try home.withLock { (home) throws(SystemError) in
            if let known = home {
                if known.loop === loop { return }
                home = nil
                // What the other loop has found and not told yet may be over by now.
                known.registration.isValid.store(false, ordering: .releasing)
                known.loop.deregister(descriptor.number, known.token)
            }
            let registration = Registration(signals)
            home = Home(
                loop: loop, token: try loop.register(descriptor.number, registration), registration: registration)
        }
    }

    /// Makes an attempt that must not wait, and remembers when it would have had to.
    package func attempt<Success>(
        _ direction: Direction, _ body: (CInt) throws(SystemError) -> Success
    ) throws(SystemError) -> Success {
        let signal = signal(direction)
        let raises = signal.raises
        do throws(SystemError) {
            return try body(descriptor.number)
        } catch {
            // Unless an event came meanwhile.
            if error.isWouldBlock || error == .inProgress { signal.lower(unlessRaisedSince: raises) }
            throw error
        }
    }

    /// Whether an attempt would not have to wait; the system is asked where the last one had to.
    package func isReady(_ direction: Direction) throws(SystemError) -> Bool {
        let signal = signal(direction)
        if signal.isRaised { return true }
        let interest: Poll.Interest = direction == .reading ? .readable : .writable
        guard try Poll.isReady(descriptor.number, interest, waiting: 0) else { return false }
        signal.raise()
        return true
    }
}
