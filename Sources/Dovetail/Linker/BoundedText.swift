// SPDX-License-Identifier: Apache-2.0

/// Keeps messages about what components name short, however much that is.
enum BoundedText {
    /// How many things a message lists.
    static let maximumItems = 20
    static let maximumLength = 300

    /// The items in a line, or the first ones and how many more there are.
    static func list(_ items: [String]) -> String { list(items, count: items.count, separator: ", ") }

    /// - Parameter count: how many there are, when `items` are not all.
    static func list(
        _ items: [String], count: Int, separator: String, maximumLength: Int = maximumLength
    ) -> String {
        let shown = items.prefix(maximumItems).map { cut($0, to: maximumLength) }
        let rest = count > shown.count ? ["and \(count - shown.count) more"] : []
        return (shown + rest).joined(separator: separator)
    }

    /// A text, or its beginning.
    static func cut(_ text: String, to maximumLength: Int = maximumLength) -> String {
        text.utf8.count > maximumLength ? text.prefix(maximumLength) + "…" : text
    }
}
