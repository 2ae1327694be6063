// SPDX-License-Identifier: Apache-2.0

/// Time limits of many connections: putting one in and taking it out costs the same however many there are, and one that moves on before its
/// time costs nothing.
package struct TimerWheel<Owner: AnyObject> {
    /// The place of an owner, which lives longer.
    package final class Entry: @unchecked Sendable {
        // @unchecked because it belongs to whoever has the wheel.

        unowned(unsafe) let owner: Owner
        fileprivate var next: Entry?
        fileprivate unowned(unsafe) var previous: Entry?
        /// The slot it is in, by its number since the beginning; nil: in none.
        fileprivate var slot: UInt64?

        package init(_ owner: Owner) { self.owner = owner }
    }

    /// Nanoseconds of a slot: how late an entry may be looked at.
    package static var resolution: UInt64 { 100_000_000 }
    private static var slots: UInt64 { 512 }

    private var heads = [Entry?](repeating: nil, count: Int(slots))
    /// The slot that was looked at last.
    private var current: UInt64
    package private(set) var count = 0

    package init(now: UInt64) { current = now / Self.resolution }

    /// Has an entry looked at from `instant` on, or before: those far away are looked at in between.
    package mutating func insert(_ entry: Entry, at instant: UInt64) {
        remove(entry)
        let slot = min(max(instant / Self.resolution, current) + 1, current + Self.slots - 1)
        let index = Int(slot % Self.slots)
        entry.slot = slot
        entry.next = heads[index]
        entry.previous = nil
        entry.next?.previous = entry
        heads[index] = entry
        count += 1
    }

    /// Has an entry looked at earlier than before, unless it is already.
    package mutating func hasten(_ entry: Entry, to instant: UInt64) {
        guard let slot = entry.slot, slot <= instant / Self.resolution + 1 else { return insert(entry, at: instant) }
    }

    package mutating func remove(_ entry: Entry) {
        guard let slot = entry.slot else { return }
        if let previous = entry.previous {
            previous.next = entry.next
        } else {
            heads[Int(slot % Self.slots)] = entry.next
        }
        entry.next?.previous = entry.previous
        entry.next = nil
        entry.previous = nil
        entry.slot = nil
        count -= 1
    }

    /// Takes out those whose time has come.
    package mutating func due(_ now: UInt64) -> [Owner] {
        let last = now / Self.resolution
        guard last > current else { return [] }
        // After a long sleep, each slot once.
        if last - current > Self.slots { current = last - Self.slots }
        var found: [Owner] = []
        while current < last {
            current += 1
            while let entry = heads[Int(current % Self.slots)] {
                remove(entry)
                found.append(entry.owner)
            }
        }
        return found
    }

    /// All entries.
    package var all: [Owner] {
        var found: [Owner] = []
        for head in heads {
            var next = head
            while let entry = next {
                found.append(entry.owner)
                next = entry.next
            }
        }
        return found
    }
}
