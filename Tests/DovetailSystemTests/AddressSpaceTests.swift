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

    @Test(
        "tells which pages were written, however many runs of them there are", arguments: [0, 1, 63, 64, 65, 128, 1000])
    func written(runs: Int) throws {
        let (page, count) = (AddressSpace.pageSize, 2 * runs + 1)
        let start = try AddressSpace.reserve(count * page)
        defer { AddressSpace.release(start, count * page) }
        try AddressSpace.setAccessible(start, count * page, true)
        for run in 0..<runs { start.storeBytes(of: 1, toByteOffset: (2 * run + 1) * page, as: UInt8.self) }
        // To read a page makes it nobody's own.
        for index in 0..<count { _ = start.load(fromByteOffset: index * page, as: UInt8.self) }
        let written = AddressSpace.writtenPages(of: UnsafeRawBufferPointer(start: start, count: count * page))
        guard let written else { return }  // a system that does not tell
        #expect(written == (0..<runs).map { (2 * $0 + 1) * page..<(2 * $0 + 2) * page })
    }

    @Test("has pages beforehand, and refuses to where nothing is accessible")
    func populates() throws {
        let page = AddressSpace.pageSize
        let start = try AddressSpace.reserve(4 * page)
        defer { AddressSpace.release(start, 4 * page) }
        #expect(!AddressSpace.populate(start, 4 * page))
        try AddressSpace.setAccessible(start, 4 * page, true)
        guard AddressSpace.populate(start + page, 2 * page) else { return }  // a system that does not do it
        let written = AddressSpace.writtenPages(of: UnsafeRawBufferPointer(start: start, count: 4 * page))
        if let written { #expect(written == [page..<3 * page]) }
        #expect(UnsafeRawBufferPointer(start: start, count: 4 * page).allSatisfy { $0 == 0 })
    }
}
