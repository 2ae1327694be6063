// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// An action that an event loop runs once at an instant, unless it is cancelled before.
package final class EventTimer: @unchecked Sendable {
    // @unchecked because the position is touched under the lock of its loop alone.
    package let instant: UInt64
    let action: @Sendable () -> Void
    /// The wait that it ends, if it does nothing else.
    let record: WaitRecord?
    fileprivate var position = -1

    init(_ instant: UInt64, _ action: @escaping @Sendable () -> Void) {
        self.instant = instant
        self.action = action
        record = nil
    }

    init(_ instant: UInt64, ending record: WaitRecord) {
        self.instant = instant
        self.record = record
        action = { record.end() }
    }
}

/// Timers, the earliest first. Each knows its place, so that taking one out costs no search.
struct TimerHeap {
    private struct Item {
        /// Beside the timer, so that comparing looks at no other memory.
        let instant: UInt64
        let timer: EventTimer
    }

    private var items: [Item] = []
    /// How many places were looked at so far.
    private(set) var steps = 0

    var count: Int { items.count }
    var all: [EventTimer] { items.map(\.timer) }
    /// The earliest instant.
    var first: UInt64? { items.first?.instant }

    mutating func insert(_ timer: EventTimer) {
        items.append(Item(instant: timer.instant, timer: timer))
        timer.position = items.count - 1
        rise(timer.position)
    }

    /// Takes out a timer, if it is there.
    mutating func remove(_ timer: EventTimer) {
        let index = timer.position
        guard index >= 0 else { return }
        timer.position = -1
        let last = items.removeLast()
        guard last.timer !== timer else { return }
        place(last, index)
        sink(index)
        rise(index)
    }

    /// Takes out the timers whose instants have come by `now`, in order.
    mutating func removeDue(_ now: UInt64, into due: inout [EventTimer]) {
        while let first = items.first, first.instant <= now {
            remove(first.timer)
            due.append(first.timer)
        }
    }

    private mutating func place(_ item: Item, _ index: Int) {
        items[index] = item
        item.timer.position = index
        steps += 1
    }

    private mutating func rise(_ start: Int) {
        var index = start
        let item = items[start]
        while index > 0 {
            let parent = (index - 1) / 2
            guard item.instant < items[parent].instant else { break }
            place(items[parent], index)
            index = parent
        }
        place(item, index)
    }

    private mutating func sink(_ start: Int) {
        var index = start
        let item = items[start]
        while true {
            var child = 2 * index + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1].instant < items[child].instant { child += 1 }
            guard items[child].instant < item.instant else { break }
            place(items[child], index)
            index = child
        }
        place(item, index)
    }
}
