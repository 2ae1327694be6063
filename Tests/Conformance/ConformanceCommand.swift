// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailTestSupport
import Foundation

/// The tool's command line.
struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dovetail-conformance",
        abstract: "Run a folder of conformance data against Dovetail.",
        discussion: """
            Prints a line for each suite and one for all. Cases run in separate processes: one that crashes or hangs is a \
            failure, and the others still run. The exit code is 1 when anything failed, or when a suite does worse than the \
            table of expected results says.
            """,
        examples: [
            .init("dovetail-conformance", "Run everything in the shared conformance data."),
            .init("dovetail-conformance --suite abi --filter hostile --failures", "Run part of one suite."),
            .init("dovetail-conformance --bless --expected Tests/Conformance/expected.txt", "Record the results."),
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
    @Option(
        help: ArgumentHelp("Fail when a suite does worse than this table says.", valueName: "file"),
        completion: .file(extensions: ["txt"]))
    var expected: String?
    @Flag(help: "Write the results to the file that --expected names.") var bless = false
    @Option(help: ArgumentHelp("How long one case or command may take.", valueName: "seconds"))
    var timeLimit: Int = 60
    @Option(help: ArgumentHelp("How many processes run cases.", valueName: "number")) var workers: Int = 2
    @Flag(name: .customLong("worker"), help: .hidden) var isWorker = false
    @Option(name: .customLong("program"), help: .hidden) var program: String?
    @Argument(
        help: """
            The folder with the data; without it, `conformance` in the folder that DOVETAIL_SHARED names, or in `shared` \
            beside the checkout.
            """,
        completion: .directory)
    var folder: String?

    func validate() throws {
        for name in suites where !SuiteCatalog.names.contains(name) {
            throw ValidationError(
                "there is no suite `\(name)`; there are \(SuiteCatalog.names.joined(separator: ", "))")
        }
        guard (1...86_400).contains(timeLimit) else {
            throw ValidationError("expected a time limit of 1 to 86400 seconds, found \(timeLimit)")
        }
        if bless, expected == nil || filter != nil {
            throw ValidationError("expected --expected with --bless, and no --filter")
        }
        guard (1...2).contains(workers) else { throw ValidationError("expected 1 or 2 workers, found \(workers)") }
    }

    mutating func run() throws {
        if let program { throw ExitCode(try CoreProgram.execute(program)) }
        guard let data = folder.map({ DataFolder(path: $0) }) ?? SharedData.folder?.folder("conformance") else {
            throw ValidationError("expected a folder: \(SharedData.hint)")
        }
        if isWorker { return WorkerMain(folder: data).run() }
        guard data.exists else { throw ValidationError("there is no folder `\(data.path)`") }
        var report = Report()
        var table = ExpectedResults()
        if let expected, FileManager.default.fileExists(atPath: expected) || !bless {
            table = try ExpectedResults(text: String(contentsOfFile: expected, encoding: .utf8))
        }
        var losses: [String] = []
        for name in suites.isEmpty ? SuiteCatalog.names : suites {
            let suite = try SuiteCatalog.suite(name, in: data)
            guard let suite else {
                if suites.isEmpty { continue }
                throw ValidationError("`\(data.path)` has no suite `\(name)`")
            }
            var cases = try suite.cases()
            if let filter { cases.removeAll { !$0.identifier.contains(filter) } }
            let pool = WorkerPool(folder: data.path, suite: name, timeLimit: timeLimit, workers: workers)
            let outcomes = pool.run(cases)
            report.add(suite: name, outcomes)
            print(report.line(suite: name))
            if failures { report.details(suite: name).forEach { print($0) } }
            if bless {
                table[name] = report.tally(suite: name)
            } else if expected != nil, filter == nil {
                losses += [table.loss(of: name, report.tally(suite: name))].compactMap { $0 }
            }
        }
        print(report.total)
        if bless, let expected { try Data(table.text.utf8).write(to: URL(fileURLWithPath: expected)) }
        losses.forEach { print("lost: \($0)") }
        if let json { try report.write(to: json) }
        if expected == nil ? report.hasFailures : !losses.isEmpty { throw ExitCode.failure }
    }
}
