// SPDX-License-Identifier: Apache-2.0

import DovetailWASI
import Testing

@Suite("Random numbers")
struct RandomTests {
    /// A source of the host's own, which gives bytes only.
    private struct Counting: RandomSource {
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }
    }

    @Test("a number is what the next eight bytes say")
    func numbers() throws {
        #expect(try Counting().number() == 0x0001_0203_0405_0607)
        let numbers = SeededRandomSource(seed: 1)
        let bytes = SeededRandomSource(seed: 1)
        for _ in 0..<3 {
            #expect(numbers.number() == bytes.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    @Test("the system's numbers differ")
    func system() throws {
        let source = SystemRandomSource()
        #expect(try source.number() != source.number())
        #expect(try source.bytes(16) != source.bytes(16))
        #expect(try source.bytes(0) == [])
    }
}
