// SPDX-License-Identifier: Apache-2.0

/// Bytes on their way out: put in behind, taken out in front. It holds memory only while there are any.
package struct OutputBuffer {
    private let pool: BufferPool
    private var block = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var start = 0
    private var end = 0

    package init(_ pool: BufferPool) { self.pool = pool }

    /// Gives the memory back; to be called before the last reference goes.
    package mutating func clear() {
        pool.give(block)
        block = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        start = 0
        end = 0
    }

    package var count: Int { end &- start }
    var isEmpty: Bool { start == end }

    /// What is in it.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: block[start..<end]) }

    /// Takes out what has been sent.
    package mutating func remove(_ count: Int) {
        start &+= count
        if start == end { clear() }
    }

    /// Makes room for so many bytes behind the others.
    private mutating func grow(_ count: Int) {
        let used = self.count
        if start >= used, block.count &- used >= count, let base = block.baseAddress {
            base.copyMemory(from: base + start, byteCount: used)
        } else {
            // Twice as much at least, so that many small pieces cost linear time.
            let larger = pool.take(max(used + count, used > BufferPool.large / 2 ? 2 * used : 0))
            if used > 0 { larger.copyMemory(from: bytes) }
            pool.give(block)
            block = larger
        }
        start = 0
        end = used
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if block.count &- end < bytes.count { grow(bytes.count) }
        guard let source = bytes.baseAddress, let place = block.baseAddress else { return }
        (place + end).copyMemory(from: source, byteCount: bytes.count)
        end &+= bytes.count
    }

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
