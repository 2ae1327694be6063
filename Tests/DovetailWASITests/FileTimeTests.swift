// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailWASI
import Testing

/// Whether guests see the times of files.
@Suite struct FileTimeTests {
    @Test("files tell their times only where that is granted", arguments: [true, false])
    func timesAreShownIfGranted(_ showsTimes: Bool) throws {
        try ScratchFolder.with { folder in
            try folder.write("hello".utf8, to: "file")
            let permissions = Preopen.Permissions(directories: .read, files: .read, showsTimes: showsTimes)
            let root = try Preopen(folder.path, as: "/", permissions: permissions).open()
            for status in [try root.stat(), try root.statAt(pathFlags: [], path: "file")] {
                #expect((status.dataAccessTimestamp != nil) == showsTimes)
                #expect((status.dataModificationTimestamp != nil) == showsTimes)
                #expect((status.statusChangeTimestamp != nil) == showsTimes)
            }
            #expect(try root.statAt(pathFlags: [], path: "file").size == 5)
        }
    }

    @Test("where times are hidden, directories are listed in the order of names")
    func listingsDoNotDependOnTheHost() throws {
        try ScratchFolder.with { folder in
            for name in ["b", "c", "a", "d"].shuffled() { try folder.write("".utf8, to: name) }
            let permissions = Preopen.Permissions(directories: .read, files: .read, showsTimes: false)
            let listing = try Preopen(folder.path, as: "/", permissions: permissions).open().readDirectory()
            var names: [String] = []
            while let entry = try listing.readDirectoryEntry() { names.append(entry.name) }
            #expect(names == ["a", "b", "c", "d"])
        }
    }

    @Test("where times are hidden, folders do not tell how much is in them")
    func sizesOfFoldersAreHidden() throws {
        try ScratchFolder.with { folder in
            try folder.write("hello".utf8, to: "inner/file")
            try folder.write("hello".utf8, to: "inner/deeper/file")
            for showsTimes in [true, false] {
                let permissions = Preopen.Permissions(directories: .read, files: .read, showsTimes: showsTimes)
                let root = try Preopen(folder.path, as: "/", permissions: permissions).open()
                let inner = try root.statAt(pathFlags: [], path: "inner")
                #expect((inner.size == 0 && inner.linkCount == 1) == !showsTimes)
                #expect(try root.statAt(pathFlags: [], path: "inner/file").size == 5)
            }
        }
    }

    @Test("where times are hidden, files are numbered in the order of the questions")
    func numbersDoNotDependOnTheHost() throws {
        func numbers() throws -> [UInt64] {
            try ScratchFolder.with { folder in
                for name in ["a", "b"] { try folder.write(name.utf8, to: name) }
                let permissions = Preopen.Permissions(directories: .read, files: .read, showsTimes: false)
                let context = try WASIContext(
                    WASIConfiguration(preopens: [Preopen(folder.path, as: "/", permissions: permissions)]))
                let root = try #require(context.directories().first?.descriptor)
                return try ["b", "a", "b"].map { try root.metadataHash(at: $0, followLinks: true).lower }
            }
        }
        #expect(try numbers() == [1, 2, 1])
        #expect(try numbers() == [1, 2, 1])
    }
}
