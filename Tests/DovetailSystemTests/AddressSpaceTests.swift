// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Testing

@Suite("Address space")
struct AddressSpaceTests {
    @Test(
        "is zero again after it was cleared, whatever was kept of it",
        arguments: [[], [0], [1, 2, 3, 90], Array(0..<200), Array(stride(from: 0, to: 200, by: 2))],
        [0, 1, 2, 64, 1000])
    func clears(touched: [Int], kept: Int) throws {
        let (page, count) = (AddressSpace.pageSize, 200)
        let start = try AddressSpace.reserve((count + 1) * page)
        defer { AddressSpace.release(start, (count + 1) * page) }
        try AddressSpace.setAccessible(start, count * page, true)
        for _ in 0..<3 {
            for index in touched {
                start.storeBytes(of: 0xa5, toByteOffset: index * page, as: UInt8.self)
                start.storeBytes(of: 0x5a, toByteOffset: (index + 1) * page - 1, as: UInt8.self)
            }
            try AddressSpace.clear(start, count * page, keepingPages: kept)
            let bytes = UnsafeRawBufferPointer(start: start, count: count * page)
            #expect(bytes.allSatisfy { $0 == 0 })
        }
    }

    @Test("sizes are rounded up to pages, as far as there are numbers")
    func rounding() {
        let page = AddressSpace.pageSize
        #expect(AddressSpace.pages(0) == 0 && AddressSpace.pages(1) == page && AddressSpace.pages(page) == page)
        #expect(AddressSpace.pages(.max) == nil && AddressSpace.pages(-1) == nil)
    }
}
