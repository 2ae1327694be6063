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
}
