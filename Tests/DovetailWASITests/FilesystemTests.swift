// SPDX-License-Identifier: Apache-2.0
import Dovetail
import DovetailSystem
import DovetailWASI
import Foundation
import Testing

@Suite struct FilesystemTests {
    @Test("files are read, written and extended")
    func readsAndWrites() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        let file = try root.open(at: "new", followLinks: true, .create, [.read, .write])
        #expect(file.kind == .regular)
        #expect(try file.openedFlags() == [.read, .write])
        #expect(try file.write(Array("hello world".utf8), at: 0) == 11)
        #expect(try file.read(5, at: 6).bytes == Array("world".utf8))
        let end = try file.read(5, at: 11)
        #expect(end.bytes.isEmpty && end.isAtEnd)
        #expect(try file.read(.max, at: 0).bytes.count == 11)
        try file.setSize(5)
        #expect(try file.status().size == 5)
        #expect(code { try file.read(1, at: .max) } == .invalid)
        #expect(code { try file.setSize(.max) } == .invalid)
        try file.synchronize()
        try file.synchronizeData()
        try root.synchronize()
        try file.advise(offset: 0, length: 0, .willNeed)
        #expect(code { try file.advise(offset: .max, length: 1, .normal) } == .invalid)
        #expect(sandbox.contents("root/new") == "hello")
    }

    @Test("streams read and write files from an offset")
    func streamsOfFiles() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        let file = try root.open(at: "file", followLinks: true, [], [.read, .write])
        let input = WASIInputStream(try file.readStream(at: 1))
        #expect(try input.blockingRead(len: 100) == Array("ello".utf8))
        #expect(throws: ResultError<WASI02.Streams.StreamError>.self) { try input.read(len: 1) }
        let output = WASIOutputStream(try file.writeStream(at: 5))
        try output.blockingWriteAndFlush(contents: Array("12".utf8))
        try output.blockingWriteAndFlush(contents: Array("3".utf8))
        let appended = WASIOutputStream(try file.appendStream())
        try appended.blockingWriteAndFlush(contents: Array("!".utf8))
        #expect(sandbox.contents("root/file") == "hello123!")
        let reader = try root.open(at: "file", followLinks: true, [], .read)
        let refused = WASIOutputStream(try reader.writeStream(at: 0))
        do {
            try refused.blockingWriteAndFlush(contents: [1])
            Issue.record("a file opened for reading was written")
        } catch let error as ResultError<WASI02.Streams.StreamError> {
            guard case .lastOperationFailed(let own) = error.payload else { throw error }
            let failure = try #require(own as? IOFailure)
            #expect(failure.fileSystemCode == .badDescriptor)
            #expect(!failure.description.isEmpty)
        }
    }

    @Test("files are opened as the flags say")
    func openFlags() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        #expect(code { try root.open(at: "file", followLinks: true, [.create, .exclusive], .write) } == .exist)
        #expect(code { try root.open(at: "missing", followLinks: true, [], .read) } == .noEntry)
        #expect(code { try root.open(at: "file", followLinks: true, .directory, .read) } == .notDirectory)
        #expect(code { try root.open(at: "file/", followLinks: true, [], .read) } == .notDirectory)
        #expect(code { try root.open(at: "dir", followLinks: true, [], .write) } == .isDirectory)
        #expect(code { try root.open(at: "dir", followLinks: true, [.directory, .create], .read) } == .invalid)
        #expect(code { try root.open(at: "file", followLinks: true, [], [.read, .dataIntegritySync]) } == .unsupported)
        let truncated = try root.open(at: "file", followLinks: true, .truncate, .write)
        #expect(try truncated.status().size == 0)
        let dir = try root.open(at: "dir", followLinks: true, .directory, [.read, .mutateDirectory])
        #expect(try dir.openedFlags() == [.read, .mutateDirectory])
        #expect(code { try dir.read(1, at: 0) } == .badDescriptor)
        #expect(code { try truncated.stat(at: "x", followLinks: false) } == .notDirectory)
    }

    @Test("folders are listed, made, renamed and removed")
    func entries() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        try root.createDirectory(at: "made/")
        #expect(code { try root.createDirectory(at: "made") } == .exist)
        try root.symlink(target: "file", at: "link")
        try root.link(at: "file", followLinks: false, to: root, "hard")
        let listing = try root.listing()
        var found: [String: FileKind] = [:]
        while let entry = try listing.next() { found[entry.name] = entry.kind }
        #expect(
            found == [
                "dir": .directory, "file": .regular, "made": .directory, "link": .symbolicLink,
                "hard": .regular,
            ])
        #expect(try root.stat(at: "file", followLinks: false).links == 2)
        let one = try root.open(at: "file", followLinks: true, [], .read)
        let other = try root.open(at: "hard", followLinks: true, [], .read)
        #expect(one.isSameObject(as: other))
        #expect(!one.isSameObject(as: root))
        #expect(try root.metadataHash(at: "hard", followLinks: true) == one.status().hash)

        try root.rename(at: "hard", to: root, "made/hard")
        #expect(code { try root.removeDirectory(at: "made") } == .notEmpty)
        #expect(code { try root.unlinkFile(at: "made") } == .isDirectory)
        #expect(code { try root.unlinkFile(at: "file/") } == .notDirectory)
        #expect(code { try root.removeDirectory(at: "file") } == .notDirectory)
        #expect(code { try root.removeDirectory(at: "link/") } == .notDirectory)
        #expect(code { try root.rename(at: "file/", to: root, "x") } == .notDirectory)
        #expect(code { try root.rename(at: "file", to: root, "x/") } == .notDirectory)
        #expect(code { try root.link(at: "dir", followLinks: false, to: root, "x") } == .notPermitted)
        #expect(code { try root.symlink(target: "file", at: "x/") } == .noEntry)
        #expect(code { try root.symlink(target: "file", at: "file") } == .exist)
        #expect(code { try root.readLink(at: "file") } == .invalid)
        try root.unlinkFile(at: "made/hard")
        try root.removeDirectory(at: "made/")
        try root.rename(at: "dir/", to: root, "renamed/")
        #expect(try root.stat(at: "renamed/deep/file", followLinks: false).size == 4)
    }

    @Test("times of files are read and set")
    func times() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        let then = SystemTime(seconds: 1_000_000_000, nanoseconds: 5)
        try root.setTimes(at: "file", followLinks: false, accessed: .keep, modified: .time(then))
        #expect(try root.stat(at: "file", followLinks: false).modified == then)
        let file = try root.open(at: "file", followLinks: false, [], .read)
        try file.setTimes(accessed: .time(then), modified: .now)
        #expect(try file.status().accessed == then)
        #expect(try file.status().modified.seconds > then.seconds)
        let wrong = WASI02.WallClock.Datetime(seconds: 1, nanoseconds: 1_000_000_000)
        #expect(throws: WASI02.FilesystemTypes.ErrorCode.invalid) {
            try file.setTimes(dataAccessTimestamp: .timestamp(wrong), dataModificationTimestamp: .now)
        }
    }

    @Test("a read-only folder refuses every change")
    func readOnly() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open(.readOnly)
        #expect(try root.openedFlags() == .read)
        let file = try root.open(at: "file", followLinks: true, [], .read)
        #expect(try file.read(64, at: 0).bytes == Array("hello".utf8))
        let dir = try root.open(at: "dir", followLinks: true, .directory, .read)
        let attempts: [() throws -> Void] = [
            { _ = try root.open(at: "file", followLinks: true, [], .write) },
            { _ = try root.open(at: "file", followLinks: true, .truncate, .read) },
            { _ = try root.open(at: "new", followLinks: true, .create, .read) },
            { _ = try root.open(at: "dir", followLinks: true, .directory, .mutateDirectory) },
            { try root.createDirectory(at: "new") }, { try dir.createDirectory(at: "new") },
            { try root.unlinkFile(at: "file") }, { try root.removeDirectory(at: "dir") },
            { try root.rename(at: "file", to: dir, "new") }, { try root.symlink(target: "file", at: "new") },
            { try root.link(at: "file", followLinks: false, to: dir, "new") },
            { try root.setTimes(at: "file", followLinks: true, accessed: .now, modified: .now) },
            { try file.setTimes(accessed: .now, modified: .now) }, { try file.setSize(0) },
            { _ = try file.write([1], at: 0) },
        ]
        for attempt in attempts { #expect(code(attempt) == .notPermitted) }
        #expect(code { try file.writeStream(at: 0) } == .badDescriptor)
        #expect(sandbox.contents("root/file") == "hello")
    }

    /// A file does not become writable by being linked or moved below a preopen that may write files.
    @Test("a descriptor opened below another has no more permissions than that one")
    func permissionsDoNotGrow() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let narrow = try sandbox.open(Preopen.Permissions(directories: [.read, .write], files: .read))
        let wide = try sandbox.open()
        #expect(code { try narrow.link(at: "file", followLinks: false, to: wide, "new") } == .notPermitted)
        #expect(code { try narrow.rename(at: "file", to: wide, "new") } == .notPermitted)
        try wide.rename(at: "file", to: narrow, "new")
    }

    @Test("no operation leaves a descriptor open")
    func leaksNoDescriptors() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        try sandbox.link("link", to: "dir/deep")
        func highest() throws -> Int32 { try root.open(at: "dir", followLinks: true, [], .read).descriptor.number }
        let before = try highest()
        for _ in 0..<200 {
            _ = try root.open(at: "link/file", followLinks: true, [], .read)
            _ = try? root.open(at: "link/missing", followLinks: true, [], .read)
            _ = try? root.open(at: "file", followLinks: true, .directory, .read)
            _ = try? root.stat(at: "dir/deep/../deep/missing", followLinks: true)
            let listing = try root.listing()
            _ = try listing.next()
            let resolver = PathResolver(root: root.descriptor, usesKernel: false)
            _ = try resolver.resolve("link/../deep/file", followLast: true)
            _ = try? resolver.resolve("dir/deep/missing/x", followLast: true)
        }
        // Other tests run beside this one and hold some of their own.
        #expect(try highest() < before + 150)
    }

    @Test("a preopened folder that does not exist is named in the error")
    func missingPreopenIsNamed() throws {
        var configuration = WASIConfiguration()
        configuration.preopens = [Preopen("/no/such/folder")]
        #expect {
            try WASIContext(configuration)
        } throws: { error in
            (error as? WASIError)?.code == .configuration
                && "\(error)".hasPrefix(
                    "`preopens`: cannot open the folder `/no/such/folder`; name one that exists and can be read: ")
        }
    }
}
