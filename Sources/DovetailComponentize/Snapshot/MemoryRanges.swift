// SPDX-License-Identifier: Apache-2.0

/// The parts of a memory that are worth writing down: all else is zero.
enum MemoryRanges {
    /// A run of zeros that is shorter is written with what is around it: a segment costs about as much.
    private static let gap = 16
    /// Engines take 100 000 segments.
    private static let limit = 90_000

    /// The ranges from `start` on that are not all zero, with longer gaps where there would be too many.
    static func nonzero(_ bytes: [UInt8], from start: Int = 0) -> [Range<Int>] {
        var ranges = nonzero(bytes, max(0, min(start, bytes.count)), gap: gap)
        var gap = gap
        while ranges.count > limit {
            gap *= 2
            ranges = joined(ranges, gap: gap)
        }
        return ranges
    }

    private static func joined(_ ranges: [Range<Int>], gap: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges {
            if let last = result.last, range.lowerBound - last.upperBound < gap {
                result[result.count - 1] = last.lowerBound..<range.upperBound
            } else {
                result.append(range)
            }
        }
        return result
    }

    private static func nonzero(_ bytes: [UInt8], _ first: Int, gap: Int) -> [Range<Int>] {
        bytes.withUnsafeBytes { bytes in
            var ranges: [Range<Int>] = []
            var start = 0
            var end = 0
            var position = first
            while position < bytes.count {
                // Eight zeros at once: most of a memory is zero.
                if position + 8 <= bytes.count, bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) == 0 {
                    position += 8
                    continue
                }
                if bytes[position] != 0 {
                    if end == 0 || position - end >= gap {
                        if end > start { ranges.append(start..<end) }
                        start = position
                    }
                    end = position + 1
                }
                position += 1
            }
            if end > start { ranges.append(start..<end) }
            return ranges
        }
    }
}
