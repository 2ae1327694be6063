// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// A directory that a guest lists.
package final class GuestListing {
    private let listing: DirectoryListing
    /// The entries that are still to be given, last one first, where they are sorted.
    private var sorted: [Result<(name: String, kind: FileKind), SystemError>]?

    init(_ listing: DirectoryListing, sorted: Bool) throws(SystemError) {
        self.listing = listing
        if sorted { self.sorted = try allSorted() }
    }

    /// All entries by name, last one first; in front of them those whose names are not UTF-8.
    private func allSorted() throws(SystemError) -> [Result<(name: String, kind: FileKind), SystemError>] {
        var named: [(name: String, kind: FileKind)] = []
        var unnamed = 0
        while true {
            do throws(SystemError) {
                guard let entry = try listing.next() else { break }
                named.append(entry)
            } catch .illegalByteSequence {
                unnamed += 1
            }
        }
        return named.sorted { $0.name > $1.name }.map { .success($0) }
            + Array(repeating: .failure(.illegalByteSequence), count: unnamed)
    }

    /// The next entry but `.` and `..`, in the system's order unless they are sorted by name; nil at the end.
    ///
    /// - Throws: ``SystemError/illegalByteSequence`` for a name that is not UTF-8; the listing can go on behind it.
    package func next() throws(SystemError) -> (name: String, kind: FileKind)? {
        sorted == nil ? try listing.next() : try sorted?.popLast()?.get()
    }
}
