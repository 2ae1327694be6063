// SPDX-License-Identifier: Apache-2.0

/// The threads of a component instance by their numbers, which begin at 1; the last that became free is given out first.
struct ThreadTable {
    private var slots: [GuestThread?] = [nil]
    private var free: [UInt32] = []

    var count: Int { slots.count - 1 - free.count }

    mutating func add(_ thread: GuestThread) -> UInt32 {
        guard let index = free.popLast() else {
            slots.append(thread)
            return UInt32(slots.count - 1)
        }
        slots[Int(index)] = thread
        return index
    }

    mutating func remove(_ index: UInt32) {
        slots[Int(index)] = nil
        free.append(index)
    }

    func get(_ index: UInt32) throws -> GuestThread {
        guard let thread = slots.indices.contains(Int(index)) ? slots[Int(index)] : nil else {
            throw Trap.task("unknown thread index \(index)")
        }
        return thread
    }

    /// Forgets all threads and their stacks.
    mutating func abandon() {
        for thread in slots { thread?.task.abandon() }
        self = ThreadTable()
    }
}
