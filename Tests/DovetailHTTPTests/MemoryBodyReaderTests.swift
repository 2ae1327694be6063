// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import Testing

@Suite struct MemoryBodyReaderTests {
    @Test func `a body in memory is read in pieces, with its trailers at the end`() throws {
        let trailers = try HTTPFields([("checksum", "1")])
        let reader = MemoryBodyReader([1, 2, 3], trailers: trailers)
        guard case .bytes([1, 2]) = try reader.read(2) else { return #expect(Bool(false), "expected two bytes") }
        try withUnsafeTemporaryAllocation(byteCount: 4, alignment: 1) { buffer in
            guard case .bytes(1) = try reader.read(into: buffer) else { return #expect(Bool(false), "expected a byte") }
            #expect(buffer[0] == 3)
        }
        for _ in 0..<2 {
            guard case .end(let found) = try reader.read(2) else { return #expect(Bool(false), "expected the end") }
            #expect(found == trailers)
        }
    }
}
