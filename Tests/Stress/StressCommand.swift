// SPDX-License-Identifier: Apache-2.0

import DovetailArguments

/// Many random inputs; the tests run a few thousand of them, and `make stress` as many as you like.
@main
struct StressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "DovetailStress",
        abstract: "Run many random inputs and check that Dovetail neither crashes, hangs nor grows.",
        subcommands: [
            MutationsCommand.self, CallsCommand.self, RoundsCommand.self, WITCommand.self, HTTPCommand.self,
            HTTPServerCommand.self, HTTPFloorCommand.self,
        ])
}

/// What the subcommands have in common.
struct StressOptions: ParsableArguments {
    @Option(help: "How many cases.") var count: Int = 10_000
    @Option(help: "Where the random numbers start; the same seed gives the same cases.") var seed: Int = 1
    @Option(help: "How many processes run cases.") var workers: Int = 2
    @Option(help: .hidden) var first: Int?

    /// The cases of this process alone; `nil` in the process that starts others.
    var workerRange: Range<Int>? {
        guard let first, (0...max(0, count)).contains(first) else { return nil }
        return first..<max(first, count)
    }

    init() {}
}

/// Components that are changed or called: `mutations [--count N] [--seed N] FILES`.
struct MutationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutations", abstract: "Load and run components whose bytes were changed.")

    @OptionGroup var options: StressOptions
    @Argument(help: "Components, or folders that are searched for them.", completion: .file(extensions: ["wasm"]))
    var files: [String]

    func run() throws {
        if let range = options.workerRange {
            let cases = try MutationCases(seed: options.seed, files: SourceFiles.find(files))
            return Worker.run(range) { try cases.run($0) }
        }
        try Supervisor(name: "mutations", options: options, arguments: files).run()
    }
}

/// `calls [--count N] [--seed N] FILES`.
struct CallsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls", abstract: "Call the exports of components with random arguments.")

    @OptionGroup var options: StressOptions
    @Argument(help: "Components, or folders that are searched for them.", completion: .file(extensions: ["wasm"]))
    var files: [String]

    func run() throws {
        if let range = options.workerRange {
            let cases = try CallCases(seed: options.seed, files: SourceFiles.find(files))
            return Worker.run(range) { try cases.run($0) }
        }
        try Supervisor(name: "calls", options: options, arguments: files).run()
    }
}

/// `rounds KIND FOLDER`.
struct RoundsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rounds", abstract: "Create, call and destroy instances, and check that memory does not grow.")

    @Option(help: "How many rounds are measured, after as many to warm up.") var count: Int = 1000
    @Argument(help: "What each round does.") var kind: RoundKind
    @Argument(help: "The root of the package, for the components.", completion: .directory) var root: String

    func run() throws {
        let report = try Rounds(root: root).run(kind, count: count)
        print(report)
        if !report.isSteady { throw ExitCode(1) }
    }
}
