// SPDX-License-Identifier: Apache-2.0

/// Instants with the numbers of those who wait for them, the earliest first.
struct InstantHeap {
    private var items: [(instant: UInt64, number: UInt64)] = []

    /// How many there are.
    var count: Int { items.count }
    /// The earliest instant.
    var first: UInt64? { items.first?.instant }

    /// Adds an instant for `number`.
    mutating func insert(_ instant: UInt64, _ number: UInt64) {
        items.append((instant, number))
        rise(items.count - 1)
    }

    /// Takes out the numbers whose instants have come by `now`, in order.
    mutating func removeDue(_ now: UInt64) -> [UInt64] {
        var due: [UInt64] = []
        while let first = items.first, first.instant <= now {
            due.append(first.number)
            let last = items.removeLast()
            if !items.isEmpty {
                items[0] = last
                sink(0)
            }
        }
        return due
    }

    /// Forgets all numbers but those that `isWanted` accepts.
    mutating func keep(_ isWanted: (UInt64) -> Bool) {
        items.removeAll { !isWanted($0.number) }
        for index in stride(from: items.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard items[index].instant < items[parent].instant else { return }
            items.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < items.count && items[child].instant < items[least].instant { least = child }
            guard least != index else { return }
            items.swapAt(index, least)
            index = least
        }
    }
}
