// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// A set of descriptors that the system is asked about in one call, without waiting.
///
/// A descriptor that is closed, at its end or in error counts as ready: using it fails at once. Each descriptor is given to the
/// system once however many ask about it, since it refuses sets of more entries than a process may have descriptors.
package struct Poll {
    /// What is asked.
    package struct Interest: OptionSet, Sendable {
        package let rawValue: Int16
        package init(rawValue: Int16) { self.rawValue = rawValue }

        /// Reading would not wait.
        package static let readable = Interest(rawValue: Int16(DOVETAIL_POLL_READABLE))
        /// Writing would not wait.
        package static let writable = Interest(rawValue: Int16(DOVETAIL_POLL_WRITABLE))
    }

    private var entries: [dovetail_sys_poll_entry] = []
    private var known: [Int64: Int] = [:]

    /// An empty set.
    package init() {}

    /// Whether nothing is asked.
    package var isEmpty: Bool { entries.isEmpty }

    /// Adds a question and returns the place of its answer.
    package mutating func add(_ descriptor: CInt, _ interest: Interest) -> Int {
        // A few are found quicker by looking at them.
        if entries.count < 8 {
            for (index, entry) in entries.enumerated()
            where entry.descriptor == descriptor && entry.interest == interest.rawValue { return index }
        } else {
            if known.isEmpty {
                for (index, entry) in entries.enumerated() { known[Self.key(entry)] = index }
            }
            let key = Self.key(.init(descriptor: descriptor, interest: interest.rawValue, ready: 0))
            if let index = known[key] { return index }
            known[key] = entries.count
        }
        entries.append(.init(descriptor: descriptor, interest: interest.rawValue, ready: 0))
        return entries.count - 1
    }

    private static func key(_ entry: dovetail_sys_poll_entry) -> Int64 {
        Int64(entry.descriptor) << 16 | Int64(entry.interest)
    }

    /// Asks the system.
    package mutating func ask() throws(SystemError) {
        try SystemError.check(dovetail_sys_poll(&entries, entries.count, 0))
    }

    /// The answer at a place, once the system was asked.
    package func isReady(_ index: Int) -> Bool { entries[index].ready != 0 }

    /// Asks about one descriptor, waiting so many nanoseconds at most; nil: without limit.
    package static func isReady(
        _ descriptor: CInt, _ interest: Interest, waiting nanoseconds: UInt64?
    ) throws(SystemError) -> Bool {
        var entry = dovetail_sys_poll_entry(descriptor: descriptor, interest: interest.rawValue, ready: 0)
        try SystemError.check(dovetail_sys_poll(&entry, 1, nanoseconds.map { Int64(clamping: $0) } ?? -1))
        return entry.ready != 0
    }
}
