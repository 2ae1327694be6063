// SPDX-License-Identifier: Apache-2.0

/// Bytes on their way: appended at the end, taken from the front. It holds no memory while it is empty, unless told to keep it.
package struct ByteQueue: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private var start = 0
    private var end = 0

    /// An empty queue.
    package init() {}

    deinit { base?.deallocate() }

    /// How many bytes there are.
    package var count: Int { end &- start }
    /// Whether there are none.
    package var isEmpty: Bool { end == start }

    /// The bytes; valid until the queue is changed.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base.map { UnsafeRawPointer($0 + start) }, count: end &- start)
    }

    /// Adds bytes.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count).copyMemory(from: source, byteCount: bytes.count)
        end &+= bytes.count
    }

    /// Adds at most `count` bytes that `body` writes; it returns how many.
    package mutating func append<Failure: Error>(
        upTo count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        let place = reserve(count)
        end &+= try body(UnsafeMutableRawBufferPointer(start: place, count: count))
    }

    /// Removes bytes from the front.
    package mutating func removeFirst(_ count: Int) {
        start &+= min(count, self.count)
        if start == end { (start, end) = (0, 0) }
    }

    /// Moves bytes from the front to `buffer`, as many as there are and as fit; how many.
    package mutating func move(to buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(self.count, buffer.count)
        guard count > 0, let base, let target = buffer.baseAddress else { return 0 }
        target.copyMemory(from: base + start, byteCount: count)
        removeFirst(count)
        return count
    }

    /// Removes all bytes.
    package mutating func removeAll() { (start, end) = (0, 0) }

    /// Gives memory back if the queue is empty.
    package mutating func release() {
        guard isEmpty, let base else { return }
        base.deallocate()
        self.base = nil
        capacity = 0
    }

    /// Makes room behind the last byte.
    private mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
        if let base, capacity &- end >= count { return base + end }
        let held = self.count
        if let base, capacity >= held + count, start >= held {
            base.copyMemory(from: base + start, byteCount: held)
            (start, end) = (0, held)
            return base + end
        }
        let larger = max(held + count, 2 * held, 512)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        if let base {
            if held > 0 { memory.copyMemory(from: base + start, byteCount: held) }
            base.deallocate()
        }
        base = memory
        capacity = larger
        (start, end) = (0, held)
        return memory + end
    }
}
