// SPDX-License-Identifier: Apache-2.0

/// Threads in the order in which they began to wait; any of them can be taken out.
final class ThreadQueue {
    /// A binary heap by ``GuestThread/ticket``.
    private var threads: [GuestThread] = []
    /// How often a thread was moved within the queue.
    private(set) var moves = 0

    var isEmpty: Bool { threads.isEmpty }

    func push(_ thread: GuestThread) {
        threads.append(thread)
        thread.queue = self
        moveUp(threads.count - 1)
    }

    /// Takes out the thread that began to wait first.
    func popFirst() -> GuestThread? {
        guard let first = threads.first else { return nil }
        remove(first)
        return first
    }

    func remove(_ thread: GuestThread) {
        let position = thread.position
        thread.queue = nil
        let last = threads.removeLast()
        guard last !== thread else { return }
        place(last, position)
        moveUp(position)
        moveDown(last.position)
    }

    /// Takes out all threads, in no order.
    func removeAll() -> [GuestThread] {
        let all = threads
        threads = []
        for thread in all { thread.queue = nil }
        return all
    }

    private func place(_ thread: GuestThread, _ position: Int) {
        threads[position] = thread
        thread.position = position
        moves += 1
    }

    private func moveUp(_ start: Int) {
        var position = start
        let thread = threads[position]
        while position > 0, threads[(position - 1) / 2].ticket > thread.ticket {
            place(threads[(position - 1) / 2], position)
            position = (position - 1) / 2
        }
        place(thread, position)
    }

    private func moveDown(_ start: Int) {
        var position = start
        let thread = threads[position]
        while true {
            var child = 2 * position + 1
            guard child < threads.count else { break }
            if child + 1 < threads.count, threads[child + 1].ticket < threads[child].ticket { child += 1 }
            guard threads[child].ticket < thread.ticket else { break }
            place(threads[child], position)
            position = child
        }
        place(thread, position)
    }
}
