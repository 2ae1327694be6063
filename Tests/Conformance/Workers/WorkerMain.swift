// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation

/// The process that runs cases: jobs come on standard input, outcomes go to standard output.
struct WorkerMain {
    let folder: DataFolder

    /// Works until standard input ends.
    func run() {
        var suites: [String: any Suite] = [:]
        let output = FileHandle.standardOutput
        func send(_ message: WorkerMessage) { output.write(WorkerLine.encode(message)) }
        while let line = readLine() {
            guard let job = WorkerLine.decode(WorkerJob.self, Data(line.utf8)) else { continue }
            do {
                var suite = suites[job.suite]
                if suite == nil { suite = try SuiteCatalog.suite(job.suite, in: folder) }
                suites[job.suite] = suite
                guard let suite else { throw CaseFailure("there is no suite `\(job.suite)`") }
                try suite.run(job.identifier, recorder: Recorder(excluded: Set(job.excluded), send: send))
                send(.done)
            } catch {
                send(.broken("\(error)"))
            }
        }
    }
}
