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

    private static func excerpt(of span: SourceSpan, label: String?, in sources: SourceMap) -> String {
        guard let position = sources.position(of: span.start, in: span.file) else { return "" }
        var text = "\n     --> \(sources.files[span.file].name):\(position.line):\(position.column)"
        var scalars = Array(sources.line(at: span.start, in: span.file).unicodeScalars)
        var column = position.column - 1
        if scalars.count > longestLine {
            let start = max(0, min(column - 60, scalars.count - longestLine))
            scalars = Array(scalars[start..<min(start + longestLine, scalars.count)])
            column -= start
        }
        let number = String(position.line)
        let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
        let blank = String(repeating: " ", count: max(5, number.count))
        var line = ""
        var lead = ""
        for (index, scalar) in scalars.enumerated() {
            // Control codes and writing-direction marks would garble a terminal.
            let shown: Unicode.Scalar = scalar.value == 9 || scalar.properties.isHidden ? " " : scalar
            line.unicodeScalars.append(shown)
            if index < column { lead += " " }
        }
        let width = max(1, sources.text(of: span).prefix { $0 != "\n" && $0 != "\r\n" }.unicodeScalars.count)
        let caret = "^" + String(repeating: "-", count: min(width, max(1, scalars.count - column)) - 1)
        text += "\n\(blank) |\n\(gutter) | \(line)\n\(blank) | \(lead)\(caret)"
        if let label { text += " \(label)" }
        return text
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isHidden: Bool {
        generalCategory == .control || generalCategory == .format || isBidiControl
    }
}
