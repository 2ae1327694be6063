// SPDX-License-Identifier: Apache-2.0

/// Reads the files of a tar archive (POSIX.1-1988 "ustar", GNU's long names).
package struct TarReader {
    /// A file of the archive.
    package struct Entry {
        /// Its path, relative and without `..`.
        package var path: String
        /// Its content.
        package var content: ArraySlice<UInt8>
    }

    private static let block = 512

    private let bytes: [UInt8]
    private var offset = 0

    /// Makes a reader of an archive.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next file; `nil` at the end. Directories are left out: the paths of files name them.
    ///
    /// - Throws: ``PythonError`` when the archive is damaged, or holds something that is neither file nor directory.
    package mutating func next() throws(PythonError) -> Entry? {
        var longName: String?
        while offset < bytes.count {
            guard bytes.count - offset >= Self.block else { throw .badArchive("the header is cut off", at: offset) }
            let header = bytes[offset..<offset + Self.block]
            if header.allSatisfy({ $0 == 0 }) { return nil }
            let start = offset
            try checkSum(header)
            let size = try number(header, 124, 12)
            let end = start + Self.block + size
            guard end <= bytes.count else { throw .badArchive("a file of \(size) bytes is cut off", at: start) }
            let content = bytes[start + Self.block..<end]
            offset = min(bytes.count, start + Self.block + (size + Self.block - 1) / Self.block * Self.block)
            switch header[start + 156] {
            case UInt8(ascii: "0"), 0:
                let path = longName ?? name(header)
                guard Self.isSafe(path) else { throw .badArchive("`\(path)` leads out of the archive", at: start) }
                return Entry(path: path, content: content)
            case UInt8(ascii: "5"): longName = nil
            case UInt8(ascii: "L"): longName = Self.text(content)
            // Attributes in the form of later standards.
            case UInt8(ascii: "x"), UInt8(ascii: "g"): break
            case let kind: throw .badArchive("expected a file or directory, found an entry of type \(kind)", at: start)
            }
        }
        return nil
    }

    /// A relative path that stays below the folder it is seen from.
    private static func isSafe(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private func name(_ header: ArraySlice<UInt8>) -> String {
        let start = header.startIndex
        let name = Self.text(header[start..<start + 100])
        // GNU's own headers have other fields in the prefix's place.
        guard header[start + 257..<start + 263].elementsEqual("ustar\0".utf8) else { return name }
        let prefix = Self.text(header[start + 345..<start + 500])
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    /// A number in octal digits, with white space or zeros around it.
    private func number(_ header: ArraySlice<UInt8>, _ from: Int, _ count: Int) throws(PythonError) -> Int {
        let start = header.startIndex + from
        let digits = header[start..<start + count].drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard digits.count <= 12, digits.allSatisfy({ (0x30...0x37).contains($0) }) else {
            throw .badArchive("expected a number in octal digits", at: start)
        }
        return digits.reduce(0) { $0 << 3 | Int($1 & 7) }
    }

    private func checkSum(_ header: ArraySlice<UInt8>) throws(PythonError) {
        let expected = try number(header, 148, 8)
        let field = header.startIndex + 148
        let sum = header.indices.reduce(0) { $0 + Int((field..<field + 8).contains($1) ? 0x20 : header[$1]) }
        guard sum == expected else {
            throw .badArchive("expected the checksum \(expected), found \(sum)", at: header.startIndex)
        }
    }
}
