// SPDX-License-Identifier: Apache-2.0

/// Puts together text of parenthesised groups: one that spans lines is indented, and ends on a line of its own.
struct TextWriter {
    /// How deep groups are indented; beyond it they are not indented further, so that text grows no faster than what it shows.
    private static let deepest = 50

    private(set) var bytes: [UInt8] = []
    /// How many groups and blocks are open.
    var depth = 0
    private var lines = 0
    /// The line on which each open group began.
    private var starts: [Int] = []

    mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func put(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func put(bytes content: [UInt8]) { bytes.append(contentsOf: content) }

    mutating func put(_ number: some BinaryInteger) {
        if number >= 0, number < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
        } else {
            put(String(number))
        }
    }

    /// Begins a group: `(keyword`.
    mutating func open(_ keyword: String) {
        bytes.append(UInt8(ascii: "("))
        put(keyword)
        depth += 1
        starts.append(lines)
    }

    /// Begins a group on a line of its own.
    mutating func openLine(_ keyword: String) {
        newLine()
        open(keyword)
    }

    mutating func close() {
        depth -= 1
        if starts.popLast() != lines { newLine() }
        bytes.append(UInt8(ascii: ")"))
    }

    mutating func newLine() {
        bytes.append(UInt8(ascii: "\n"))
        lines += 1
        for _ in 0..<min(max(depth, 0), Self.deepest) { bytes.append(contentsOf: [0x20, 0x20]) }
    }

    /// Whether the text ends with white space, so that none is needed.
    var endsWithSpace: Bool { bytes.last == UInt8(ascii: " ") || bytes.last == UInt8(ascii: "\n") }

    /// A group of one line.
    mutating func group(_ keyword: String, _ content: String) {
        put("(\(keyword) \(content))")
    }

    /// A string in quotes, of a text.
    mutating func quoted(_ text: String) {
        put("\"")
        for scalar in text.unicodeScalars {
            if (0x20..<0x7f).contains(scalar.value), scalar != "\"", scalar != "\\" {
                bytes.append(UInt8(scalar.value))
            } else {
                put("\\u{\(String(scalar.value, radix: 16))}")
            }
        }
        put("\"")
    }

    /// A string in quotes, of a text.
    static func quoted(_ text: String) -> String {
        var writer = TextWriter()
        writer.quoted(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A string in quotes, of bytes.
    mutating func quoted(bytes content: ArraySlice<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        put("\"")
        bytes.reserveCapacity(bytes.count + content.count)
        for byte in content {
            if (0x20..<0x7f).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        put("\"")
    }

    /// The number of a definition, as a comment.
    mutating func comment(index: Int) {
        put(" (;")
        put(index)
        put(";)")
    }
}
