// SPDX-License-Identifier: Apache-2.0

/// Turns comments into documentation text.
enum WITComment {
    /// The text of consecutive comments: without slashes, common indentation and trailing white space.
    static func text(of comments: [String]) -> String {
        var parts: [[UInt8]] = comments.map { comment in
            var bytes = Array(comment.utf8)
            if comment.hasPrefix("/**"), bytes.count >= 5 {
                bytes.removeFirst(3)
                if bytes.suffix(2) == [UInt8(ascii: "*"), UInt8(ascii: "/")] { bytes.removeLast(2) }
            } else {
                bytes.removeFirst(bytes.prefix { $0 == UInt8(ascii: "/") }.count)
            }
            while let last = bytes.last, isSpace(last) { bytes.removeLast() }
            return bytes
        }
        let indentation = parts.filter { !$0.isEmpty }.map { $0.prefix(while: isSpace).count }.min() ?? 0
        if indentation > 0 {
            parts = parts.map { part in
                part.prefix(indentation).count == indentation && part.prefix(indentation).allSatisfy { $0 == 0x20 }
                    ? Array(part.dropFirst(indentation)) : part
            }
        }
        var lines: [String] = []
        for part in parts {
            for line in part.split(separator: 0x0a, omittingEmptySubsequences: false) {
                let end = line.last == 0x0d ? line.dropLast() : line
                // A carriage return alone ends a line, too, as it does in what is read from binaries.
                for line in end.split(separator: 0x0d, omittingEmptySubsequences: false) {
                    lines.append(String(decoding: line, as: UTF8.self))
                }
            }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
