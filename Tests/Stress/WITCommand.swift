// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailBinary
import DovetailTestSupport
import DovetailWIT
import DovetailWITReader

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `wit [--count N] [--seed N] [--size N]`.
struct WITCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wit",
        abstract: "Encode, decode and print random WIT, and read WIT with very many things of one kind.",
        discussion: """
            Random packages have to come back from bytes and from text as they were. Texts with very many things have to take \
            time in proportion to their length: twice as many may take three times as long, a fixed cost left aside.
            """)

    @Option(help: "How many random packages.") var count: Int = 1_000
    @Option(help: "Where the random numbers start; the same seed gives the same packages.") var seed: Int = 1
    @Option(help: "How many things the smaller of two large texts has; 0 for none.") var size: Int = 10_000

    func run() throws {
        var refused = 0
        for number in 0..<count {
            let text = RandomWIT.text(seed: seed, case: number)
            do {
                if try !Self.comesBack(text) { refused += 1 }
            } catch {
                throw CaseFailure("package \(number) of seed \(seed): \(error)\n\(text)")
            }
        }
        print(
            "\(count - refused) random packages came back as they were; \(refused) are refused by the rules for worlds")
        guard size > 0 else { return }
        var isSlow = false
        for kind in LargeWIT.allCases {
            for step in Step.allCases where kind.isRight || step == .resolve || step == .format {
                let one = step.time(kind, min(size, kind.maximum))
                let two = step.time(kind, min(2 * size, 2 * kind.maximum))
                let ratio = two / max(one, 0.001)
                let grows = two > 0.1 && ratio > 3
                isSlow = isSlow || grows
                print(
                    "\(kind) \(step): \(Int(one * 1000)) ms, \(Int(two * 1000)) ms\(grows ? "  grows too fast" : "")")
            }
        }
        if isSlow { throw ExitCode(1) }
    }

    /// Whether a text is right; then it comes back from bytes and from its printed text.
    private static func comesBack(_ text: String) throws -> Bool {
        guard let resolution = try? WIT.resolve(WITSource(text: text), features: .all) else { return false }
        let bytes = try WITEncoder.encode(package: resolution.root, in: resolution.graph)
        _ = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes, features: .all)
        let decoded = try WITDecoder.decode(bytes)
        let printed = WITPrinter.text(of: resolution.root, in: resolution.graph)
        guard WITPrinter.text(of: decoded.package, in: decoded.graph) == printed else {
            throw CaseFailure("comes back otherwise from bytes")
        }
        // Printing puts worlds in order; from then on nothing changes.
        let again = try WIT.resolve(WITSource(text: printed), features: .all)
        let ordered = WITPrinter.text(of: again.root, in: again.graph)
        let third = try WIT.resolve(WITSource(text: ordered), features: .all)
        guard WITPrinter.text(of: third.root, in: third.graph) == ordered,
            try resolution.graph.incompatibilities(
                ofPackage: again.root, in: again.graph, withPredecessor: resolution.root
            ).isEmpty
        else { throw CaseFailure("its printed text means something else") }
        return true
    }

    /// What is done with a large text.
    private enum Step: String, CaseIterable {
        case format, resolve, print, json, encode, decode, merge, importize, versions, compare, target

        /// The seconds of processor time that it takes, its preparation left aside; the least of two runs.
        func time(_ kind: LargeWIT, _ count: Int) -> Double {
            let text = kind.text(count)
            guard let work = prepare(text) else { return 0 }
            return (0..<2).map { _ in
                let start = Self.processorTime()
                work()
                return Self.processorTime() - start
            }.min() ?? 0
        }

        private static func processorTime() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }

        private func prepare(_ text: String) -> (() -> Void)? {
            switch self {
            case .format: return { _ = try? WITFormatter.format(SourceFile(name: "input.wit", text: text)) }
            case .resolve:
                return {
                    let analysis = WIT.analyze(WITSource(text: text))
                    for diagnostic in analysis.diagnostics { _ = diagnostic.rendered(in: analysis.sources) }
                }
            default: break
            }
            guard let resolution = try? WIT.resolve(WITSource(text: text)) else { return nil }
            let graph = resolution.graph
            let root = resolution.root
            let world = graph[root].worlds["w"]
            switch self {
            case .format, .resolve: return nil
            case .print: return { _ = WITPrinter.text(of: root, in: graph) }
            case .json: return { _ = WITJSON.tree(of: graph) }
            case .encode: return { _ = try? WITEncoder.encode(package: root, in: graph) }
            case .decode:
                guard let bytes = try? WITEncoder.encode(package: root, in: graph) else { return nil }
                return { _ = try? WITDecoder.decode(bytes) }
            case .merge:
                return {
                    var merged = graph
                    _ = try? merged.merge(graph)
                }
            case .compare:
                return { _ = try? graph.incompatibilities(ofPackage: root, in: graph, withPredecessor: root) }
            case .importize, .versions, .target:
                guard let world else { return nil }
                return {
                    var changed = graph
                    switch self {
                    case .importize: try? changed.importize(world)
                    case .versions: _ = try? changed.mergeImportVersions(of: world)
                    default: _ = WorldMatcher.differences(of: world, in: graph, toTarget: world, in: graph)
                    }
                }
            }
        }
    }
}

extension LargeWIT {
    /// More things of the kind are past a limit.
    fileprivate var maximum: Int {
        switch self {
        case .parameters: 500
        case .fields, .cases: 5_000
        default: .max / 2
        }
    }
}
