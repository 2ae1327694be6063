// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import Foundation

/// The tool's command line.
struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dovetail-conformance",
        abstract: "Run a folder of conformance data against Dovetail.",
        discussion: """
            Prints a line for each suite and one for all. Cases run in processes of their own: one that crashes or hangs \
            is a failure and the rest goes on. The exit code is 1 when anything failed.
            """,
        examples: [
            .init("dovetail-conformance conformance", "Run everything."),
            .init("dovetail-conformance --suite abi --filter hostile --failures conformance", "Look at one corner."),
        ])

    @Option(name: .customLong("suite"), help: ArgumentHelp("Run only this suite; may be repeated.", valueName: "name"))
    var suites: [String] = []
    @Option(help: ArgumentHelp("Run only cases whose identifier contains this text.", valueName: "text"))
    var filter: String?
    @Flag(help: "List what failed and why, and why cases were skipped.") var failures = false
    @Option(
        name: .customLong("json"), help: ArgumentHelp("Write every outcome to this file.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var json: String?
    @Option(help: ArgumentHelp("How long one case or command may take.", valueName: "seconds"))
    var timeLimit: Int = 60
    @Option(help: ArgumentHelp("How many processes run cases.", valueName: "number")) var workers: Int = 2
    @Flag(name: .customLong("worker"), help: .hidden) var isWorker = false
    @Option(name: .customLong("program"), help: .hidden) var program: String?
    @Argument(help: "The folder with the data.", completion: .directory) var folder: String

    func validate() throws {
        for name in suites where !SuiteCatalog.names.contains(name) {
            throw ValidationError(
                "there is no suite `\(name)`; there are \(SuiteCatalog.names.joined(separator: ", "))")
        }
        guard (1...86_400).contains(timeLimit) else {
            throw ValidationError("expected a time limit of 1 to 86400 seconds, found \(timeLimit)")
        }
        guard (1...2).contains(workers) else { throw ValidationError("expected 1 or 2 workers, found \(workers)") }
    }

    mutating func run() throws {
        if let program { throw ExitCode(try CoreProgram.execute(program)) }
        let data = DataFolder(path: folder)
        if isWorker { return WorkerMain(folder: data).run() }
        guard data.exists else { throw ValidationError("there is no folder `\(folder)`") }
        var report = Report()
        for name in suites.isEmpty ? SuiteCatalog.names : suites {
            let suite = try SuiteCatalog.suite(name, in: data)
            guard let suite else {
                if suites.isEmpty { continue }
                throw ValidationError("`\(folder)` has no suite `\(name)`")
            }
            var cases = try suite.cases()
            if let filter { cases.removeAll { !$0.identifier.contains(filter) } }
            let pool = WorkerPool(folder: folder, suite: name, timeLimit: timeLimit, workers: workers)
            let outcomes = pool.run(cases)
            report.add(suite: name, outcomes)
            print(report.line(suite: name))
            if failures { report.details(suite: name).forEach { print($0) } }
        }
        print(report.total)
        if let json { try report.write(to: json) }
        if report.hasFailures { throw ExitCode.failure }
    }
}
