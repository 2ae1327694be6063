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
                lines.append(String(decoding: end, as: UTF8.self))
            }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}

/// String literals. (Core specification, "Strings" and "Names")
enum WITString {
    /// What stands between the quotes without its escapes; `nil` when an escape is wrong or the result is no UTF-8.
    static func unescaped(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard index < bytes.endIndex else { return nil }
            let escape = bytes[index]
            index += 1
            switch escape {
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): result.append(escape)
            case UInt8(ascii: "u"):
                guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "{"),
                    let close = bytes[index...].firstIndex(of: UInt8(ascii: "}"))
                else { return nil }
                let digits = String(
                    decoding: bytes[(index + 1)..<close].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
                guard !digits.hasPrefix("+"), let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
                else { return nil }
                result.append(contentsOf: Array(String(Character(scalar)).utf8))
                index = close + 1
            default:
                guard index < bytes.endIndex, let high = hexadecimal(escape), let low = hexadecimal(bytes[index])
                else { return nil }
                result.append(high << 4 | low)
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
    }
}
