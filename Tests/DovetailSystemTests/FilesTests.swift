// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailTestSupport
import Testing

@Suite struct FilesTests {
    @Test("a file is replaced whole, keeps its permissions, and nothing else is left in its folder")
    func replaces() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/file"
        try Array("one".utf8).withRawBytes { (bytes) throws(SystemError) in
            try Files.replace(path, with: bytes, permissions: 0o640)
        }
        let before = try #require(Files.status(path))
        #expect(before.permissions & ~0o640 == 0)
        try Array("two".utf8).withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        let after = try #require(Files.status(path))
        #expect(try Files.read(path) == Array("two".utf8))
        #expect(after.permissions == before.permissions && after.inode != before.inode)
        #expect(try Files.names(in: folder.path) == ["file"])
    }

    @Test("a symbolic link stays when what it leads to is replaced")
    func replacesBehindLinks() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/file"
        try [1].withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        try OwnedDescriptor.workingDirectory.symlink("file", at: "\(folder.path)/link")
        try [2].withRawBytes { (bytes) throws(SystemError) in try Files.replace("\(folder.path)/link", with: bytes) }
        #expect(Files.status("\(folder.path)/link", followingLinks: false)?.kind == .symbolicLink)
        #expect(try Files.read(path) == [2])
    }

    @Test("folders are created from the outside in, also where some exist")
    func makesFolders() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/a//b/c/"
        try Files.makeDirectory(path)
        try Files.makeDirectory(path)
        #expect(Files.isDirectory("\(folder.path)/a/b/c"))
        try [1].withRawBytes { (bytes) throws(SystemError) in try Files.replace("\(folder.path)/f", with: bytes) }
        #expect(throws: SystemError.notDirectory) { try Files.makeDirectory("\(folder.path)/f") }
        #expect(throws: SystemError.notDirectory) { try Files.makeDirectory("\(folder.path)/f/g") }
    }

    @Test("contents are the same mapped, read from a device, and of an empty file")
    func contents() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/file"
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        #expect(try FileContents(path).withBytes { Array($0) } == bytes)
        #expect(try Files.read(path, limit: 10) == Array(bytes.prefix(10)))
        #expect(try FileContents("/dev/null").withBytes { $0.isEmpty })
        try [].withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        #expect(try FileContents(path).withBytes { $0.isEmpty })
        #expect(throws: SystemError.isDirectory) { _ = try FileContents(folder.path) }
        #expect(throws: SystemError.noSuchFile) { _ = try FileContents("\(folder.path)/none") }
    }
}
