// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// Address space that is reserved at once and becomes memory piece by piece. All places and sizes are those of whole pages.
package enum AddressSpace {
    /// The size of a page.
    package static let pageSize = dovetail_sys_page_size()

    /// The size of the pages that so many bytes take; `nil` when it is no size any more.
    package static func pages(_ count: Int) -> Int? {
        let (sum, overflow) = count.addingReportingOverflow(pageSize - 1)
        return overflow || count < 0 ? nil : sum & ~(pageSize - 1)
    }

    /// Reserves address space; nothing in it is accessible.
    package static func reserve(_ count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
        guard let start = dovetail_sys_reserve(count) else { throw .outOfMemory }
        return start
    }

    /// Gives address space and what is in it back.
    package static func release(_ start: UnsafeMutableRawPointer, _ count: Int) {
        dovetail_sys_unreserve(start, count)
    }

    /// Makes bytes accessible, or not any more.
    package static func setAccessible(
        _ start: UnsafeMutableRawPointer, _ count: Int, _ isAccessible: Bool
    ) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_accessible(start, count, isAccessible))
    }

    /// Fills accessible bytes with zeroes. Pages that were touched stay in memory, at most `kept` of them: the next to touch them
    /// finds them there.
    package static func clear(
        _ start: UnsafeMutableRawPointer, _ count: Int, keepingPages kept: Int
    ) throws(SystemError) {
        try SystemError.check(dovetail_sys_clear(start, count, kept))
    }

    /// The pages among these bytes that have content of their own: not that of a file that is mapped there, and not zeroes that nobody wrote;
    /// in bytes behind the start. `nil` where the system cannot tell.
    package static func writtenPages(of bytes: UnsafeRawBufferPointer) -> [Range<Int>]? {
        guard let start = bytes.baseAddress else { return [] }
        var (found, position): ([Range<Int>], Int) = ([], 0)
        while position < bytes.count {
            var walked = 0
            let ranges = withUnsafeTemporaryAllocation(
                of: dovetail_sys_range.self, capacity: Int(DOVETAIL_SYS_RANGE_COUNT)
            ) {
                room -> [Range<Int>]? in
                let count = dovetail_sys_written_pages(
                    start + position, bytes.count - position, room.baseAddress, &walked)
                return count < 0 ? nil : room[..<Int(count)].map { $0.start + position..<$0.end + position }
            }
            guard let ranges, walked > 0 else { return nil }
            found += ranges
            position += walked
        }
        return found
    }

    /// Has the process own pages that it is going to write: one call for all of them instead of one page fault for each.
    ///
    /// - Returns: whether the system does that.
    package static func populate(_ start: UnsafeMutableRawPointer, _ count: Int) -> Bool {
        dovetail_sys_populate(start, count) == 0
    }
}
