// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Synchronization

/// Lets so many requests in at once, and so many others wait in line.
final class Admission: Sendable {
    private struct State {
        var inside = 0
        var line: [UInt64: ReadinessSignal] = [:]
        /// The numbers of those in line that were given a place, or gave up, are passed over.
        var first: UInt64 = 0
        var next: UInt64 = 0
    }

    private let limit: Int
    private let lineLimit: Int
    private let state = Mutex(State())

    init(limit: Int, line: Int) {
        self.limit = max(1, limit)
        lineLimit = max(0, line)
    }

    /// How many are inside, and how many wait.
    var counts: (inside: Int, waiting: Int) { state.withLock { ($0.inside, $0.line.count) } }

    /// Where somebody stands who wants to go in.
    enum Entry {
        case inside, full
        case line(Place)
    }

    /// A place in the line.
    struct Place {
        fileprivate let number: UInt64
        fileprivate let signal: ReadinessSignal
    }

    /// Goes in, or gets a place in the line, for which one has to ``wait(at:until:or:)``. Who is in has to ``leave()``.
    func enter() -> Entry {
        state.withLock { state in
            if state.inside < limit {
                state.inside += 1
                return .inside
            }
            guard state.line.count < lineLimit else { return .full }
            let signal = ReadinessSignal()
            let number = state.next
            state.next += 1
            state.line[number] = signal
            return .line(Place(number: number, signal: signal))
        }
    }

    /// Goes in after those who came before; whether it did.
    nonisolated(nonsending) func wait(at place: Place, until deadline: UInt64?, or closed: Readiness) async -> Bool {
        try? await EventLoop.nearest.wait(for: [.signal(place.signal), closed], until: deadline)
        let gaveUp = state.withLock { $0.line.removeValue(forKey: place.number) != nil }
        return !gaveUp
    }

    /// Goes out, and lets the next one in.
    func leave() {
        let next = state.withLock { state -> ReadinessSignal? in
            while state.first < state.next {
                let signal = state.line.removeValue(forKey: state.first)
                state.first += 1
                if let signal { return signal }
            }
            state.inside -= 1
            return nil
        }
        next?.raise()
    }
}
