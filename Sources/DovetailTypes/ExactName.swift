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
        left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // Ends the name: UTF-8 has no such byte.
        hasher.combine(UInt8.max)
    }
}
