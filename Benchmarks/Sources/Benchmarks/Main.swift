// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import Dovetail
import Foundation

@main
struct Main {
    static func main() {
        do {
            try run(try Options(Array(CommandLine.arguments.dropFirst())))
        } catch {
            FileHandle.standardError.write(Data("benchmarks: error: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ options: Options) throws {
        if options.help { return show(Options.usage) }
        let engine = try Engine()
        let all =
            try SmallComponent(engine).benchmarks() + CallsComponent(engine).benchmarks()
            + Instantiation().benchmarks()
        let chosen = all.filter { benchmark in options.filter.map(benchmark.name.contains) ?? true }
        guard !chosen.isEmpty else {
            throw BareError(
                "no benchmark's name contains `\(options.filter ?? "")`; there are "
                    + all.map(\.name).joined(separator: ", "))
        }
        let runner = BenchmarkRunner(options.quick ? .quick : .full)
        show(BenchmarkTable.header)
        var results: [BenchmarkResult] = []
        for benchmark in chosen {
            let result = try runner.run(benchmark)
            show(BenchmarkTable.line(result, benchmark))
            results.append(result)
        }
        if let path = options.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(results).write(to: URL(fileURLWithPath: path))
        }
    }

    /// Prints a line at once, also into a file.
    private static func show(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}
