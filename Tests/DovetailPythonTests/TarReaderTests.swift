// SPDX-License-Identifier: Apache-2.0

import DovetailPython
import Testing

@Suite struct TarReaderTests {
    private func files(_ bytes: [UInt8]) throws -> [String: String] {
        var reader = TarReader(bytes)
        var files: [String: String] = [:]
        while let entry = try reader.next() { files[entry.path] = String(decoding: entry.content, as: UTF8.self) }
        return files
    }

    @Test func `files are read in order, directories are passed over`() throws {
        let archive =
            Tar.entry("json", [], kind: "5")
            + Tar.archive([("json/a.py", "one"), ("b.py", String(repeating: "x", count: 513))])
        #expect(try files(archive) == ["json/a.py": "one", "b.py": String(repeating: "x", count: 513)])
    }

    @Test func `long names stand in an entry of their own`() throws {
        let path = String(repeating: "deep/", count: 40) + "file.py"
        let archive = Tar.entry("././@LongLink", Array(path.utf8) + [0], kind: "L") + Tar.archive([("deep", "text")])
        #expect(try files(archive) == [path: "text"])
    }

    @Test(arguments: ["../up.py", "/etc/passwd", "a/../../b"])
    func `a path that leads out of the archive is refused`(_ path: String) {
        #expect(throws: PythonError.self) { try files(Tar.archive([(path, "")])) }
    }

    @Test func `links are refused`() {
        #expect(throws: PythonError.self) { try files(Tar.entry("link", [], kind: "2")) }
    }

    @Test func `a damaged header is refused with its offset`() throws {
        var archive = Tar.archive([("a.py", "one"), ("b.py", "two")])
        archive[1024 + 3] ^= 1
        let error = #expect(throws: PythonError.self) { try files(archive) }
        #expect(error?.message.contains("damaged at offset 1024: expected the checksum") == true)
    }

    @Test func `every archive that is cut off inside a file is refused`() throws {
        let archive = Tar.archive([("a.py", String(repeating: "x", count: 700))])
        for length in stride(from: 1, to: 512 + 700, by: 37) {
            #expect(throws: PythonError.self, "\(length)") { try files(Array(archive.prefix(length))) }
        }
    }
}
