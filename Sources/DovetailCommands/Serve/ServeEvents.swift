// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Synchronization

/// What happens to a server from outside, in order.
final class ServeEvents: Sendable {
    enum Event {
        /// The file is to be read again.
        case reload
        /// The server is to end, for this reason.
        case stop(String)
        /// Everything that was under way has ended, or was cut off.
        case drained(inTime: Bool)
        /// Nothing happened for so long.
        case pause
    }

    private let events = Mutex<[Event]>([])
    private let signal = ReadinessSignal()

    /// Takes part in the signals of the process.
    func takeSignals() throws(SystemError) {
        try ProcessSignals.handle { [self] signal in
            switch signal {
            case .terminate: add(.stop("SIGTERM"))
            case .interrupt: add(.stop("SIGINT"))
            case .hangup: add(.reload)
            }
        }
    }

    func add(_ event: Event) {
        events.withLock { $0.append(event) }
        signal.raise()
    }

    /// The next event; a pause when there was none until an instant of the monotonic clock.
    func next(until deadline: UInt64? = nil) async throws -> Event {
        while true {
            let event = events.withLock { events in
                if events.count <= 1 { signal.lower() }
                return events.isEmpty ? nil : events.removeFirst()
            }
            if let event { return event }
            if let deadline, deadline <= SystemClock.monotonic { return .pause }
            try await EventLoop.nearest.wait(for: [.signal(signal)], until: deadline)
        }
    }
}
