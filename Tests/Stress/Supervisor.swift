// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailTestSupport
import Foundation
import Synchronization

/// Starts workers, limits their time and memory, and collects the outcome of each case.
///
/// When a worker crashes, hangs or grows too large, its current case has failed; another worker continues after that case.
struct Supervisor {
    /// How long one case may take: loading compiles, and a guest may run into its own time limit.
    private static let secondsPerCase = 20.0
    /// How much memory a worker may use.
    private static let mostResidentBytes = 1 << 30

    let name: String
    let options: StressOptions
    let arguments: [String]

    private struct Totals {
        var outcomes: [String: Int] = [:]
        var failures: [String] = []
        var peak = 0
    }

    /// Runs all cases and prints their outcomes.
    /// - Throws: exit code 1 when one failed.
    func run() throws {
        let totals = Mutex(Totals())
        let count = max(0, options.count)
        let workers = max(1, min(options.workers, 16, count))
        let start = Date()
        DispatchQueue.concurrentPerform(iterations: workers) { number in
            let end = (number + 1) * count / workers
            var next = number * count / workers
            while next < end { next = work(from: next, to: end, totals) }
        }
        let result = totals.withLock { $0 }
        let done = result.outcomes.values.reduce(0, +)
        let seconds = Date().timeIntervalSince(start)
        print(
            "\(name): \(done) cases, \(result.failures.count) failures, \(String(format: "%.1f", seconds)) s, "
                + "most memory \(result.peak >> 20) MiB")
        for (outcome, count) in result.outcomes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            print("  \(count) × \(outcome)")
        }
        for failure in result.failures { print("  failed: \(failure)") }
        if !result.failures.isEmpty || done + result.failures.count != count { throw ExitCode(1) }
    }

    /// Runs a worker on the cases from `first`.
    /// - Returns: the case to continue with.
    private func work(from first: Int, to end: Int, _ totals: borrowing Mutex<Totals>) -> Int {
        var current: Int?
        var next = first
        func fail(_ text: String) {
            let number = current ?? next
            totals.withLock { $0.failures.append("case \(number) (--seed \(options.seed)): \(text)") }
            next = number + 1
        }
        do {
            let process = try WorkerProcess(
                [name, "--seed", "\(options.seed)", "--first", "\(first)", "--count", "\(end)"] + arguments)
            defer { process.stop(force: true) }
            while next < end {
                switch process.next(within: Self.secondsPerCase, mostResidentBytes: Self.mostResidentBytes) {
                case .line(let line):
                    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                    switch words.first {
                    case "start": current = words.last.flatMap { Int($0) }
                    case "end":
                        let outcome = words.count > 1 ? words[1] : ""
                        totals.withLock { $0.outcomes[outcome, default: 0] += 1 }
                        next = (current ?? next) + 1
                        current = nil
                    case "wrong":
                        fail(words.last ?? "")
                        current = nil
                    default: continue
                    }
                case .silent:
                    fail("took more than \(Int(Self.secondsPerCase)) s")
                    return next
                case .large(let bytes):
                    fail("took \(bytes >> 20) MiB of memory")
                    return next
                case .died(let words):
                    fail(words)
                    return next
                }
            }
            let peak = process.peakResidentBytes
            totals.withLock { $0.peak = max($0.peak, peak) }
        } catch {
            fail("\(error)")
        }
        return next
    }
}

/// The worker's side of ``Supervisor``: reports the beginning and the outcome of each case, one line each.
enum Worker {
    /// A wrong result, without a crash.
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs the cases of `range`; `body` gives the outcome in a few words.
    static func run(_ range: Range<Int>, _ body: (Int) throws -> String) {
        for number in range {
            say("start \(number)")
            do {
                say("end \(try body(number))")
            } catch {
                say("wrong \("\(error)".replacing("\n", with: " "))")
            }
        }
    }

    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
