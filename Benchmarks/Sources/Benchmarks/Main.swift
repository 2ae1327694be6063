// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import Dovetail

#if canImport(FoundationEssentials)
    // Not all of Foundation: `python-second-start` launches this very program.
    import FoundationEssentials
#else
    import Foundation
#endif

@main
struct Main {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            if arguments.count == 2, arguments[0] == PythonStart.argument {
                try PythonStart.answer(arguments[1])
            } else {
                try run(try Options(arguments))
            }
        } catch {
            Output.fail(error)
        }
    }

    private static func run(_ options: Options) throws {
        if options.help { return Output.standard.put(Options.usage) }
        if let files = options.pythonCalls {
            return try report(try PythonCalls(files).benchmarks(), options)
        }
        let engine = try Engine()
        let byHand = try SmallComponent(engine).benchmarks() + CallsComponent(engine).benchmarks()
        var all =
            try byHand + GeneratedBindings(engine).benchmarks(floorsOf: byHand) + WASIComponent(engine).benchmarks()
            + EchoesComponent().benchmarks() + Instantiation().benchmarks() + AsyncCalls(engine).benchmarks()
        if let path = options.python { all.append(PythonStart(path: path).benchmark()) }
        func isChosen(_ name: String) -> Bool { options.filter.map(name.contains) ?? true }
        let chosen = all.filter { isChosen($0.name) }
        guard !chosen.isEmpty else {
            throw BareError(
                "no benchmark's name contains `\(options.filter ?? "")`; there are "
                    + all.map(\.name).joined(separator: ", "))
        }
        try report(chosen, options)
        if options.python == nil, isChosen(PythonStart.name) {
            Output.standard.put("python-second-start: skipped, no component is given with --python")
        }
    }

    private static func report(_ benchmarks: [Benchmark], _ options: Options) throws {
        let runner = BenchmarkRunner(options.quick ? .quick : .full)
        let results = try runner.run(benchmarks)
        Output.standard.put(BenchmarkTable.header)
        for (benchmark, result) in zip(benchmarks, results) {
            Output.standard.put(BenchmarkTable.line(result, benchmark))
        }
        if let path = options.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(results).write(to: URL(fileURLWithPath: path))
        }
    }
}
