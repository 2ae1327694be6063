// SPDX-License-Identifier: Apache-2.0

/// Memory for bytes on their way, which connections take when there are any and give back when there are none; of one loop.
///
/// Blocks are kept, since memory fresh from the system costs its pages each time. The large ones hold what the system moves at once
/// and stay within the processor's cache.
package final class BufferPool {
    static let small = 16 * 1024
    static let large = 40 * 1024
    private static let kept = 32

    @exclusivity(unchecked) private var smallBlocks: [UnsafeMutableRawPointer] = []
    @exclusivity(unchecked) private var largeBlocks: [UnsafeMutableRawPointer] = []

    package init() {}

    deinit {
        for block in smallBlocks + largeBlocks { block.deallocate() }
    }

    /// Memory for at least so many bytes.
    func take(_ count: Int) -> UnsafeMutableRawBufferPointer {
        let (base, size) = takeMemory(count)
        return UnsafeMutableRawBufferPointer(start: base, count: size)
    }

    /// Memory for at least so many bytes, and for how many.
    func takeMemory(_ count: Int) -> (base: UnsafeMutableRawPointer, size: Int) {
        let size = count <= Self.small ? Self.small : max(count, Self.large)
        let known =
            size == Self.small ? smallBlocks.popLast() : size == Self.large ? largeBlocks.popLast() : nil
        return (known ?? .allocate(byteCount: size, alignment: 16), size)
    }

    /// Gives back what was taken.
    func give(_ block: UnsafeMutableRawBufferPointer) {
        guard let base = block.baseAddress else { return }
        if block.count == Self.small, smallBlocks.count < Self.kept {
            smallBlocks.append(base)
        } else if block.count == Self.large, largeBlocks.count < Self.kept {
            largeBlocks.append(base)
        } else {
            base.deallocate()
        }
    }
}
