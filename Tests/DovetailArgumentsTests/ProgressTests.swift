// SPDX-License-Identifier: Apache-2.0

import Dispatch
import DovetailArguments
import Foundation
import Testing

@Suite struct ProgressTests {
    @Test("no progress is drawn where the output is not a terminal")
    func nothingWhereNobodyLooks() throws {
        let pipe = Pipe()
        let progress = Progress("compiling", descriptor: pipe.fileHandleForWriting.fileDescriptor)
        progress.update("still compiling", completed: 1, total: 2)
        progress.finish()
        try pipe.fileHandleForWriting.close()
        #expect(try pipe.fileHandleForReading.readToEnd()?.isEmpty != false)
    }

    @Test("progress is drawn and cleared when it is done")
    func drawnThenCleared() throws {
        let pipe = Pipe()
        let progress = Progress(
            "compiling", delay: .zero, descriptor: pipe.fileHandleForWriting.fileDescriptor, isInteractive: true)
        DispatchQueue.concurrentPerform(iterations: 8) { progress.update(completed: $0, total: 8) }
        var seen = ""
        while !seen.contains("/8 (") {
            seen += String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        }
        progress.finish()
        progress.finish()
        progress.update("too late")
        while !seen.hasSuffix("\r\u{1B}[K") {
            seen += String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        }
        #expect(seen.contains("compiling"))
    }
}
