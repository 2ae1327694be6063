// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// What something waits for: the one vocabulary in which streams, pollables and blocking calls say when they can go on.
///
/// It is plain data, so any driver can wait on it: one blocks a thread on a set of them, an event loop registers them
/// and is woken. Everything is level-triggered: a source that is ready stays ready until it is used.
public enum Readiness: Sendable {
    /// Ready now.
    case ready
    /// Ready from this instant of the host's monotonic clock on, in nanoseconds.
    case time(UInt64)
    /// Ready when reading from the file descriptor would not wait, its end and errors included.
    case readable(Int32)
    /// Ready when writing to the file descriptor would not wait, errors included.
    case writable(Int32)
    /// Ready while the signal is raised, from any thread.
    case signal(ReadinessSignal)
    /// Ready when using a descriptor that loops watch would not wait.
    case event(EventSource, EventSource.Direction)
    /// Never ready.
    case never
}

extension Readiness {
    /// Whether it is ready now.
    package var isReady: Bool {
        get throws(SystemError) {
            switch self {
            case .ready: true
            case .never: false
            case .time(let instant): instant <= SystemClock.monotonic
            case .signal(let signal): signal.isRaised
            case .event(let source, let direction): try source.isReady(direction)
            case .readable(let number): try Poll.isReady(number, .readable, waiting: 0)
            case .writable(let number): try Poll.isReady(number, .writable, waiting: 0)
            }
        }
    }

    /// Whether it can never become ready by itself or by somebody else.
    package var isNever: Bool {
        if case .never = self { true } else { false }
    }

    /// The indices of the sources that are ready now, in order. One system call for all descriptors of others, or none.
    package static func ready(among sources: [Readiness]) throws(SystemError) -> [Int] {
        var poll = Poll()
        var places: [Int] = []
        for source in sources {
            switch source {
            case .readable(let number): places.append(poll.add(number, .readable))
            case .writable(let number): places.append(poll.add(number, .writable))
            default: break
            }
        }
        if !poll.isEmpty { try poll.ask() }
        var next = places.makeIterator()
        var found: [Int] = []
        for (index, source) in sources.enumerated() {
            let isReady =
                switch source {
                case .readable, .writable: next.next().map(poll.isReady) ?? false
                default: try source.isReady
                }
            if isReady { found.append(index) }
        }
        return found
    }
}
