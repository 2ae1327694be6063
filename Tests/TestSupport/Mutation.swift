// SPDX-License-Identifier: Apache-2.0

/// Changes of bytes that a decoder has to survive.
package enum Mutation {
    /// `original` with a few random changes behind its first eight bytes, the preamble, which is only rarely worth changing.
    ///
    /// - Parameter others: files of which pieces are spliced in.
    package static func changed(
        _ original: [UInt8], splicing others: [[UInt8]] = [], _ random: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = original
        // Most changes are small, so that much of the file stays as it was and is reached.
        for _ in 0...(random.oneIn(3) ? random.below(4) : 0) where !bytes.isEmpty {
            change(&bytes, others, &random)
        }
        return bytes
    }

    private static func change(_ bytes: inout [UInt8], _ others: [[UInt8]], _ random: inout SeededGenerator) {
        func position() -> Int {
            let start = random.oneIn(50) ? 0 : min(8, bytes.count)
            return start + random.below(bytes.count - start)
        }
        switch random.below(12) {
        case 0, 1, 9, 10:
            for _ in 0...(random.oneIn(3) ? random.below(8) : 0) {
                let place = position()
                if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
            }
        case 2:
            let place = position()
            if place < bytes.count { bytes[place] = UInt8(random.below(256)) }
        case 3: bytes.removeLast(min(bytes.count, 1 + random.below(bytes.count)))
        case 4:
            // A piece of any file, in place of a piece of this one or between two.
            let other = others.isEmpty ? bytes : others[random.below(others.count)]
            let start = random.below(other.count)
            let piece = other[start..<min(other.count, start + 1 + random.below(200))]
            let place = min(position(), bytes.count)
            let end = random.oneIn(2) ? place : min(bytes.count, place + piece.count)
            bytes.replaceSubrange(place..<end, with: piece)
        case 5:
            let start = position()
            bytes.removeSubrange(min(start, bytes.count)..<min(bytes.count, start + 1 + random.below(16)))
        case 6:
            // The largest numbers.
            let place = min(position(), bytes.count)
            let number: [UInt8] = [0xff, 0xff, 0xff, 0xff, UInt8(random.oneIn(2) ? 0x0f : 0x07)]
            bytes.replaceSubrange(place..<min(bytes.count, place + 1), with: number)
        case 7:
            // The same bytes many times.
            let start = min(position(), bytes.count)
            let piece = Array(bytes[start..<min(bytes.count, start + 1 + random.below(32))])
            for _ in 0..<random.below(200) { bytes.insert(contentsOf: piece, at: start) }
        case 8 where bytes.count > 9: bytes.swapAt(position(), position())
        default:
            let place = position()
            guard place < bytes.count else { return }
            bytes[place] = bytes[place] &+ (random.oneIn(2) ? 1 : 255)
        }
    }
}
