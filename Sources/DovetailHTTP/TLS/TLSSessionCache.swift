// SPDX-License-Identifier: Apache-2.0

internal import CDovetailTLS
internal import DovetailSystem
internal import Synchronization

/// What a client's sessions with servers left behind, so that the next one with the same server needs neither its certificate nor a signature (RFC 8446,
/// 2.2).
///
/// It belongs to a context, so that nobody resumes a session whose server was verified by other rules. Each place has few, and there are few places: those
/// that were used least lately go first.
final class TLSSessionCache: Sendable {
    /// A session to be resumed.
    final class Kept: @unchecked Sendable {
        // @unchecked because it is not changed.
        let raw: OpaquePointer
        /// When it was made, on the monotonic clock.
        let since = SystemClock.monotonic

        /// Copies a session, since OpenSSL spoils the original when its connection ends without notice; nil without memory.
        init?(copying session: OpaquePointer) {
            guard let copy = SSL_SESSION_dup(session) else { return nil }
            raw = copy
        }

        deinit { SSL_SESSION_free(raw) }

        /// Whether it is used up by being used: whoever watches the network could tell otherwise that both connections are of one client (RFC 8446, C.4).
        var isForOnce: Bool { SSL_SESSION_get_protocol_version(raw) == TLS1_3_VERSION }
    }

    private struct Place {
        var sessions: [Kept] = []
        var used: UInt64 = 0
    }

    private struct State {
        var places: [String: Place] = [:]
        var uses: UInt64 = 0
    }

    /// How long a session may be resumed, in nanoseconds: for so long nobody looks whether the server's certificate has expired.
    private static let lifetime: UInt64 = 3600 * 1_000_000_000
    private static let sessionsOfPlace = 4

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: for how many places sessions are kept.
    init(limit: Int = 256) { self.limit = limit }

    /// For how many places there are sessions.
    var count: Int { state.withLock { $0.places.count } }

    /// Keeps a session with the server at a place: a host and a port.
    func add(_ session: Kept, of place: String) {
        state.withLock { state in
            if state.places[place] == nil, state.places.count >= limit,
                let oldest = state.places.min(by: { $0.value.used < $1.value.used })?.key
            {
                state.places[oldest] = nil
            }
            state.uses += 1
            state.places[place, default: Place()].used = state.uses
            state.places[place]?.sessions.append(session)
            if let count = state.places[place]?.sessions.count, count > Self.sessionsOfPlace {
                state.places[place]?.sessions.removeFirst()
            }
        }
    }

    /// A session to be resumed with the server at a place; nil without one.
    func take(_ place: String) -> Kept? {
        let now = SystemClock.monotonic
        return state.withLock { state in
            guard var found = state.places[place] else { return nil }
            state.uses += 1
            found.used = state.uses
            found.sessions.removeAll { now &- $0.since > Self.lifetime }
            let session = found.sessions.last
            if session?.isForOnce == true { found.sessions.removeLast() }
            state.places[place] = found.sessions.isEmpty ? nil : found
            return session
        }
    }
}
