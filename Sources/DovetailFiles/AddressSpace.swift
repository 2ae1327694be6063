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
}
