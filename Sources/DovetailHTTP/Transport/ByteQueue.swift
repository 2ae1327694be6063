// SPDX-License-Identifier: Apache-2.0

/// Bytes on their way: appended at the end, taken from the front.
///
/// One with a pool has its memory from there and holds none while it is empty; it belongs to the thread of the pool, and wants ``removeAll()`` before
/// its end. One without keeps its memory until ``release()``.
package struct ByteQueue: ~Copyable {
    private let pool: BufferPool?
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private var start = 0
    private var end = 0

    /// An empty queue.
    package init(_ pool: BufferPool? = nil) { self.pool = pool }

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
        if start == end { removeAll() }
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
    package mutating func removeAll() {
        (start, end) = (0, 0)
        if pool != nil { release() }
    }

    /// Gives memory back if the queue is empty.
    package mutating func release() {
        guard isEmpty, base != nil else { return }
        giveBack()
        base = nil
        capacity = 0
    }

    private func giveBack() {
        if let pool {
            pool.give(UnsafeMutableRawBufferPointer(start: base, count: capacity))
        } else {
            base?.deallocate()
        }
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
        let memory: UnsafeMutableRawPointer
        let larger: Int
        // Twice as much at least, so that many small pieces cost linear time.
        if let pool {
            (memory, larger) = pool.takeMemory(max(held + count, held > BufferPool.large / 2 ? 2 * held : 0))
        } else {
            larger = max(held + count, 2 * held, 512)
            memory = .allocate(byteCount: larger, alignment: 16)
        }
        if let base, held > 0 { memory.copyMemory(from: base + start, byteCount: held) }
        giveBack()
        base = memory
        capacity = larger
        (start, end) = (0, held)
        return memory + end
    }
}

// MARK: - Text

extension ByteQueue {
    @inline(__always) mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// A field's line.
    mutating func append(field name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    mutating func append(decimal number: UInt64) { append(number, radix: 10) }
    mutating func append(hexadecimal number: UInt64) { append(number, radix: 16) }

    private mutating func append(_ number: UInt64, radix: UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var (rest, index) = (number, digits.count)
            repeat {
                index &-= 1
                let digit = UInt8(truncatingIfNeeded: rest % radix)
                digits[index] = digit < 10 ? 0x30 &+ digit : 0x57 &+ digit
                rest /= radix
            } while rest > 0
            append(UnsafeRawBufferPointer(rebasing: digits[index...]))
        }
    }
}
