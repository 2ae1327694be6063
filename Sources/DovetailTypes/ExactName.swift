// SPDX-License-Identifier: Apache-2.0

/// A name that equals another one only byte by byte; `String` equates what Unicode calls equivalent.
package struct ExactName: Hashable, Sendable {
    /// The name.
    package let text: String

    /// Makes a name of a text.
    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ExactName, right: ExactName) -> Bool {
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        var (left, right) = (left.text, right.text)
        return left.withUTF8 { left in
            right.withUTF8 { isSame(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer($0)) }
        }
    }

    /// Compares buffers of one size, eight bytes at a time: dictionaries of names do this very often.
    private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset &+ 8 <= left.count {
            let bytes = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard bytes == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
            offset &+= 8
        }
        while offset < left.count {
            guard left[offset] == right[offset] else { return false }
            offset &+= 1
        }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // Ends the name: UTF-8 has no such byte.
        hasher.combine(UInt8.max)
    }
}
