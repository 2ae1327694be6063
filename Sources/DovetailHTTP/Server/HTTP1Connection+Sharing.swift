// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

// A connection that several loops share while it waits for requests.
extension HTTP1Connection {
    /// Who has a connection; what the others tell who has it lies above the lowest eight bits.
    enum Holder {
        /// Its loop, for good.
        static let loop: UInt32 = 0
        /// Nobody: whoever claims it may have it.
        static let nobody: UInt32 = 1
        /// A loop that has claimed it.
        static let claimed: UInt32 = 2
        /// The same, and something has come meanwhile.
        static let told: UInt32 = 3
    }

    /// Whether it is shared, for those who do not have it.
    var isSharedByNow: Bool { holder.load(ordering: .acquiring) != Holder.loop }

    /// Takes it for the loop on whose thread this is called; to be followed by ``settle()``. False when somebody else has it, who is told of what has come.
    func claim(for loop: ServerLoop, telling ready: ReadySet? = nil) -> Bool {
        var known = holder.load(ordering: .relaxed)
        while true {
            let next: UInt32
            switch known & 0xFF {
            case Holder.loop: return false
            case Holder.nobody: next = Holder.claimed
            default:
                guard let ready else { return false }
                next = Holder.told | known & ~0xFF | UInt32(truncatingIfNeeded: ready.rawValue) << 8
            }
            let (isDone, found) = holder.compareExchange(
                expected: known, desired: next, ordering: .acquiringAndReleasing)
            guard isDone else {
                known = found
                continue
            }
            guard next == Holder.claimed else { return false }
            if self.loop !== loop { move(to: loop) }
            return true
        }
    }

    /// Gives it back, so that nothing of it may be used afterwards; or what has come meanwhile.
    private func release() -> ReadySet? {
        var known = holder.load(ordering: .relaxed)
        while true {
            let next = known == Holder.claimed ? Holder.nobody : Holder.claimed
            let (isDone, found) = holder.compareExchange(
                expected: known, desired: next, ordering: .acquiringAndReleasing)
            if isDone { return next == Holder.nobody ? nil : ReadySet(rawValue: Int32(truncatingIfNeeded: known >> 8)) }
            known = found
        }
    }

    /// Gives it back if it waits for a request, and keeps it on its loop if it is in the middle of something.
    func settle() {
        while isShared {
            if isPostponed { goOn() }
            if loop.isStopped { close() }
            guard isShared else { return }
            guard isAtRest else { return stay() }
            guard let ready = release() else { return }
            transport.handle(ready)
        }
    }

    /// Leaves it to whichever loop is free when something comes; the one that had it must not use it afterwards.
    func share() {
        guard let shared = loop.shared, let socket = transport.socket else { return }
        transport.leave()
        loop.unschedule(self)
        loop.counters.kept.add(-1)
        let token = shared.poller.insert(self)
        sharedToken = token
        isShared = true
        let (mine, instant) = (loop, deadline ?? loop.now + 1_000_000_000)
        // From here on, others may have it, whose end the socket outlives.
        holder.store(Holder.nobody, ordering: .releasing)
        shared.schedule(self, at: instant)
        do throws(SystemError) {
            try shared.poller.begin(socket.number, token)
        } catch {
            if claim(for: mine) { close() }
        }
    }

    /// Keeps it on the loop that has it.
    func stay() {
        guard isShared else { return }
        unshare()
        loop.schedule(self)
        do throws(SystemError) {
            try transport.start(self)
        } catch {
            return close()
        }
        if isPostponed { loop.postpone(self) }
        if loop.isDraining { drain() }
    }

    /// Lets no other loop have it.
    func unshare() {
        guard isShared, let shared = loop.shared else { return }
        isShared = false
        loop.counters.kept.add(1)
        holder.store(Holder.loop, ordering: .releasing)
        if let socket = transport.socket { shared.poller.remove(socket.number, sharedToken) }
        shared.unschedule(self)
    }
}
