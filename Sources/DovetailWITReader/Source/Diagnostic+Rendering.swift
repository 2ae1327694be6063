// SPDX-License-Identifier: Apache-2.0

extension Diagnostic {
    /// The text for people: message, place, the line and a caret under what is meant.
    ///
    ///     error: type `strng` does not exist
    ///          --> wit/greeter.wit:5:21
    ///           |
    ///         5 |   greet: func(name: strng) -> string;
    ///           |                     ^---- did you mean `string`?
    public func rendered(in sources: SourceMap) -> String {
        var text = "\(severity.rawValue): \(message)"
        if let span {
            text += Self.excerpt(of: span, label: label, in: sources)
        } else if let label {
            text += "; \(label)"
        }
        for note in notes {
            text += "\nnote: \(note.message)"
            if let span = note.span { text += Self.excerpt(of: span, label: nil, in: sources) }
        }
        return text
    }

    /// Longer lines are cut around the caret.
    private static let longestLine = 200
    /// How much of a longer line is shown before the caret.
    private static let longestLead = 60

    private static func excerpt(of span: SourceSpan, label: String?, in sources: SourceMap) -> String {
        guard let position = sources.position(of: span.start, in: span.file) else { return "" }
        var text = "\n     --> \(sources.files[span.file].name):\(position.line):\(position.column)"
        let excerpt = Excerpt(of: span, in: sources)
        let number = String(position.line)
        let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
        let blank = String(repeating: " ", count: max(5, number.count))
        text += "\n\(blank) |\n\(gutter) | \(excerpt.line)\n\(blank) | \(excerpt.lead)\(excerpt.caret)"
        if let label { text += " \(label)" }
        return text
    }

    /// A line of text, or the part of it around a span, and what stands below it.
    private struct Excerpt {
        var line = ""
        var lead = ""
        var caret = "^"

        init(of span: SourceSpan, in sources: SourceMap) {
            let range = sources.lineRange(at: span.start, in: span.file)
            let bytes = sources.files[span.file].bytes
            // Only the bytes that can be shown are looked at: a whole file may be one line.
            let place = min(max(span.start, range.lowerBound), range.upperBound)
            var start = range.lowerBound
            var end = range.upperBound
            if range.count > 4 * longestLine {
                start = max(start, place - 4 * longestLead)
                while start > range.lowerBound, bytes[start] & 0xc0 == 0x80 { start -= 1 }
                end = min(end, place + 4 * longestLine)
                while end < range.upperBound, bytes[end] & 0xc0 == 0x80 { end += 1 }
            }
            let before = Array(String(decoding: bytes[start..<place], as: UTF8.self).unicodeScalars)
            var scalars = before + Array(String(decoding: bytes[place..<end], as: UTF8.self).unicodeScalars)
            var column = before.count
            var isCutBefore = start > range.lowerBound
            var isCutBehind = end < range.upperBound
            if isCutBefore || isCutBehind || scalars.count > longestLine {
                var first = max(0, min(column - longestLead, scalars.count - longestLine))
                // What was left out behind counts, too.
                if isCutBehind { first = max(0, column - longestLead) }
                let last = min(first + longestLine, scalars.count)
                isCutBefore = isCutBefore || first > 0
                isCutBehind = isCutBehind || last < scalars.count
                scalars = Array(scalars[first..<last])
                column -= first
            }
            if isCutBefore {
                line += "…"
                lead += " "
            }
            var width = 0
            let spanEnd = column + max(1, Self.length(of: span, upTo: longestLine, in: sources))
            for (index, scalar) in scalars.enumerated() {
                // Control codes and writing-direction marks would garble a terminal.
                let shown: Unicode.Scalar = scalar.value == 9 || scalar.properties.isHidden ? " " : scalar
                line.unicodeScalars.append(shown)
                if index < column {
                    lead += String(repeating: " ", count: shown.columns)
                } else if index < spanEnd {
                    width += shown.columns
                }
            }
            if isCutBehind { line += "…" }
            caret += String(repeating: "-", count: max(1, width) - 1)
        }

        /// How many scalars of the line a span covers.
        private static func length(of span: SourceSpan, upTo limit: Int, in sources: SourceMap) -> Int {
            var shown = span
            shown.end = min(span.end, span.start + 4 * limit)
            return sources.text(of: shown).prefix { $0 != "\n" && $0 != "\r\n" }.unicodeScalars.count
        }
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isHidden: Bool {
        generalCategory == .control || generalCategory == .format || isBidiControl
    }
}

extension Unicode.Scalar {
    /// How many columns of a terminal the character takes. (Unicode Standard Annex 11)
    fileprivate var columns: Int {
        guard value >= 0x300 else { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff,
            0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1faff,
            0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }
}
