// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

extension Pollable: WASI02.Poll.Pollable {
    /// Whether the wait is over.
    public func ready() throws -> Bool {
        do throws(SystemError) { return try readiness.isReady } catch { throw WASIError.cannotWait(error) }
    }

    /// Waits.
    public func block() throws { try block(waiter) }
}

extension WASI02.Poll.Imports where Self: WASI02.Provider {
    /// Waits as the store does.
    ///
    /// Pollables that are a ``Pollable`` cost nothing while they wait; objects of other types are asked again and again.
    ///
    /// - Throws: ``WASIError`` with code `misuse` for an empty list and `limit` for one of 2^32 or more, and what the waiter and objects of
    ///   other types throw.
    public func poll(in pollables: [any WASI02.Poll.Pollable]) throws -> [UInt32] {
        try Pollable.poll(pollables, wasi.waiter)
    }
}

extension Pollable {
    /// `wasi:io/poll#poll`: waits until one of the pollables is ready, and gives the indices of all that are.
    package static func poll(
        _ pollables: [any WASI02.Poll.Pollable], _ waiter: any ReadinessWaiter
    ) throws -> [UInt32] {
        guard !pollables.isEmpty else { throw WASIError.emptyPoll() }
        guard UInt32(exactly: pollables.count) != nil else { throw WASIError.pollTooLong(pollables.count) }
        var hasOthers = false
        var sources = try sources(pollables, &hasOthers)
        func stillReady(_ found: [Int]) throws -> [UInt32] {
            try found.filter { try (pollables[$0] as? Pollable)?.isStillReady(waiter) ?? true }
                .map { UInt32(truncatingIfNeeded: $0) }
        }
        while !hasOthers {
            let found = try stillReady(waiter.wait(for: sources))
            if !found.isEmpty { return found }
            sources = try self.sources(pollables, &hasOthers)
        }
        // Others cannot say what they wait for: they are asked, less often as time goes by.
        var pause: UInt64 = 1_000_000
        while true {
            sources.append(.time(SystemClock.monotonic &+ pause))
            let found = try stillReady(waiter.wait(for: sources).filter { $0 < pollables.count })
            if !found.isEmpty { return found }
            pause = min(pause &* 2, 16_000_000)
            sources = try self.sources(pollables, &hasOthers)
        }
    }

    private static func sources(
        _ pollables: [any WASI02.Poll.Pollable], _ hasOthers: inout Bool
    ) throws -> [Readiness] {
        try pollables.map { pollable in
            if let known = pollable as? Pollable { return known.readiness }
            hasOthers = true
            return try pollable.ready() ? .ready : .never
        }
    }
}
