// SPDX-License-Identifier: Apache-2.0

/// A range of bytes of one file of a ``SourceMap``.
public struct SourceSpan: Hashable, Sendable {
    /// The index of the file in its map.
    public let file: Int
    /// The offset of the first byte.
    public let start: Int
    /// The offset behind the last byte.
    public var end: Int

    /// Makes the span of `start..<end` in `file`.
    public init(file: Int, start: Int, end: Int) {
        self.file = file
        self.start = start
        self.end = max(start, end)
    }

    /// Whether `offset` of `file` lies in this span, or just behind it.
    public func contains(_ offset: Int, in file: Int) -> Bool {
        self.file == file && start <= offset && offset <= end
    }
}

/// A place in a text as people count it: lines and columns from 1, columns in Unicode scalars.
public struct SourcePosition: Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The column, from 1.
    public let column: Int

    /// Makes a position.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A text with the name it is shown under.
public struct SourceFile: Equatable, Sendable {
    /// The name in diagnostics, usually a path as the user wrote it.
    public var name: String
    /// The text in UTF-8.
    public let bytes: [UInt8]

    /// Makes a file of UTF-8 bytes.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Makes a file of a text.
    public init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }
}

/// The texts that the spans of a set of diagnostics point into.
///
/// Lines are found by binary search; a byte order mark at the start of a file takes no column.
public struct SourceMap: Sendable {
    /// All files; a span's `file` is an index into them.
    public private(set) var files: [SourceFile] = []
    /// The offsets at which the lines of each file begin.
    private var lineStarts: [[Int]] = []

    /// Makes an empty map.
    public init() {}

    /// Adds `file` and gives its index.
    public mutating func append(_ file: SourceFile) -> Int {
        files.append(file)
        var starts = [file.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0]
        for (offset, byte) in file.bytes.enumerated() where byte == 0x0a { starts.append(offset + 1) }
        lineStarts.append(starts)
        return files.count - 1
    }

    /// The line and column of `offset`; an offset past the end counts as the end.
    public func position(of offset: Int, in file: Int) -> SourcePosition? {
        guard files.indices.contains(file) else { return nil }
        let bytes = files[file].bytes
        let end = min(max(offset, 0), bytes.count)
        let line = line(holding: end, in: file)
        let start = min(lineStarts[file][line], end)
        let column = bytes[start..<end].count { $0 & 0xc0 != 0x80 }
        return SourcePosition(line: line + 1, column: column + 1)
    }

    /// The byte offset of a line and column, `nil` when the file has no such line.
    public func offset(of position: SourcePosition, in file: Int) -> Int? {
        guard files.indices.contains(file), position.line > 0, position.column > 0,
            position.line <= lineStarts[file].count
        else { return nil }
        let bytes = files[file].bytes
        var offset = lineStarts[file][position.line - 1]
        var column = 1
        while column < position.column, offset < bytes.count, bytes[offset] != 0x0a {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xc0 == 0x80 { offset += 1 }
            column += 1
        }
        return offset
    }

    /// The text of `span`.
    public func text(of span: SourceSpan) -> String {
        guard files.indices.contains(span.file) else { return "" }
        let bytes = files[span.file].bytes
        let start = min(max(span.start, 0), bytes.count)
        return String(decoding: bytes[start..<min(max(span.end, start), bytes.count)], as: UTF8.self)
    }

    /// The bytes of the line that holds `offset`, without its line end.
    func lineRange(at offset: Int, in file: Int) -> Range<Int> {
        guard files.indices.contains(file) else { return 0..<0 }
        let bytes = files[file].bytes
        let line = line(holding: min(max(offset, 0), bytes.count), in: file)
        let starts = lineStarts[file]
        let start = starts[line]
        var end = line + 1 < starts.count ? starts[line + 1] - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0d { end -= 1 }
        return start..<end
    }

    /// The index of the line that holds `offset`.
    private func line(holding offset: Int, in file: Int) -> Int {
        let starts = lineStarts[file]
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
