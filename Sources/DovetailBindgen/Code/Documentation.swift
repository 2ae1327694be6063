// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// The lines of comments.
package enum Documentation {
    /// The lines of a WIT comment.
    package static func lines(_ documentation: String?) -> [String] {
        guard let documentation else { return [] }
        var lines = documentation.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = String(line.filter { $0 != "\r" })
            while line.last == " " || line.last == "\t" { line.removeLast() }
            return line
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// The lines of an item's comment, with what its feature gate says.
    package static func lines(_ documentation: String?, _ stability: Stability) -> [String] {
        let lines = lines(documentation)
        switch stability {
        case .stable(_, let deprecated?):
            return adding("- Note: Deprecated since version \(deprecated).", to: lines)
        case .unstable(let feature, _):
            return adding("- Note: Unstable, part of the feature `\(feature)`.", to: lines)
        case .unknown, .stable: return lines
        }
    }

    /// The lines with a paragraph behind them.
    package static func adding(_ text: String, to lines: [String]) -> [String] {
        lines + (lines.isEmpty ? [] : [""]) + [text]
    }
}
