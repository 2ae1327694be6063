// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// A queue of trivial values that grows as needed; kept behind a pointer, where no access is checked for exclusivity.
struct JobQueue<Element: BitwiseCopyable> {
    private var storage: UnsafeMutablePointer<Element>
    private var mask: Int
    private var head = 0
    private var tail = 0

    /// An empty queue, for the owner to ``destroy(_:)``.
    static func make() -> UnsafeMutablePointer<JobQueue> {
        let pointer = UnsafeMutablePointer<JobQueue>.allocate(capacity: 1)
        pointer.initialize(to: JobQueue(capacity: 64))
        return pointer
    }

    static func destroy(_ queue: UnsafeMutablePointer<JobQueue>) {
        queue.pointee.storage.deallocate()
        queue.deinitialize(count: 1)
        queue.deallocate()
    }

    private init(capacity: Int) {
        storage = .allocate(capacity: capacity)
        mask = capacity - 1
    }

    var isEmpty: Bool { head == tail }
    var count: Int { tail &- head }

    mutating func push(_ element: Element) {
        if tail &- head > mask { grow() }
        (storage + (tail & mask)).initialize(to: element)
        tail &+= 1
    }

    mutating func pop() -> Element {
        defer { head &+= 1 }
        return storage[head & mask]
    }

    private mutating func grow() {
        let count = self.count
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: 2 * (mask + 1))
        for index in 0..<count { (larger + index).initialize(to: storage[(head &+ index) & mask]) }
        storage.deallocate()
        storage = larger
        mask = 2 * (mask + 1) - 1
        head = 0
        tail = count
    }
}
