// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

/// Comments from binaries, made fit to stand in a WIT text. (WIT.md, "Lexical structure")
enum DocumentationText {
    /// `text` with plain line ends and without what may not stand in WIT, so that no comment can end before its end.
    static func clean(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var isChanged = false
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            switch scalar.value {
            case 0x0a:
                // The line end was written for the carriage return before it.
                if previous != "\r" { scalars.append(scalar) }
            case 0x0d:
                isChanged = true
                scalars.append("\n")
            case 0x09: scalars.append(scalar)
            case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069, 0x149, 0x673, 0xf77, 0xf79, 0x17a3, 0x17a4,
                0x17b4, 0x17b5:
                isChanged = true
                scalars.append("\u{fffd}")
            default: scalars.append(scalar)
            }
        }
        return isChanged ? String(scalars) : text
    }
}
