// SPDX-License-Identifier: Apache-2.0

/// Lays out Swift code: four spaces, 120 columns, the same bytes for the same code.
package struct SwiftPrinter {
    private static let width = 120
    package private(set) var text = ""
    private var level = 0

    private init() {}

    /// The text of `file`.
    package static func print(_ file: SwiftFile) -> String {
        var printer = SwiftPrinter()
        for line in file.header { printer.line(line.isEmpty ? "//" : "// " + line) }
        if !file.imports.isEmpty {
            printer.line("")
            for item in file.imports {
                printer.line((item.modifiers + ["import", item.module]).joined(separator: " "))
            }
        }
        for declaration in file.declarations {
            printer.line("")
            printer.declaration(declaration)
        }
        return printer.text
    }

    /// Writes a line at the current level.
    mutating func line(_ content: String) {
        if !content.isEmpty {
            for _ in 0..<level { text += "    " }
            text += content
        }
        text += "\n"
    }

    /// Writes what `body` writes, one level further in, or out.
    mutating func indented(by levels: Int = 1, _ body: (inout SwiftPrinter) -> Void) {
        level += levels
        body(&self)
        level -= levels
    }

    /// Whether a line has room for `content`.
    func fits(_ content: String) -> Bool { level * 4 + content.count <= Self.width }

    /// Writes `prefix items suffix` in one line, or broken after the prefix with as many items in a line as fit.
    mutating func list(_ prefix: String, _ items: [String], _ suffix: String) {
        let whole = prefix + items.joined(separator: ", ") + suffix
        guard !items.isEmpty, !fits(whole) else { return line(whole) }
        // An opening bracket is closed on a line of its own; other lists end where they end.
        let isBracketed = prefix.hasSuffix("(") || prefix.hasSuffix("[")
        line(prefix.hasSuffix(" ") ? String(prefix.dropLast()) : prefix)
        indented { printer in
            var current = ""
            for (index, item) in items.enumerated() {
                let piece = index == items.count - 1 ? item : item + ","
                if current.isEmpty {
                    current = piece
                } else if printer.fits(current + " " + piece) {
                    current += " " + piece
                } else {
                    printer.line(current)
                    current = piece
                }
            }
            printer.line(isBracketed ? current : current + suffix)
        }
        if isBracketed { line(suffix) }
    }
}
