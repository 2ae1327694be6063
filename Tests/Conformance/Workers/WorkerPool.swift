// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Synchronization

/// Spreads the cases of a suite over worker processes and gathers the outcomes.
final class WorkerPool: Sendable {
    private struct State {
        var next = 0
        var outcomes: [[Outcome]]
    }

    private let folder: String
    private let suite: String
    private let timeLimit: Int
    private let workers: Int
    /// After one case has ended this many workers, the rest of it counts as failed.
    private static let mostRestarts = 8

    init(folder: String, suite: String, timeLimit: Int, workers: Int) {
        self.folder = folder
        self.suite = suite
        self.timeLimit = timeLimit
        self.workers = workers
    }

    /// Runs `cases` and gives the outcome of every unit, in order.
    func run(_ cases: [CaseReference]) -> [UnitOutcome] {
        let state = Mutex(State(outcomes: Array(repeating: [], count: cases.count)))
        // Each iteration blocks on its process, so it needs a thread rather than a task.
        DispatchQueue.concurrentPerform(iterations: min(workers, max(1, cases.count))) { _ in
            var worker: WorkerProcess?
            while true {
                let index = state.withLock { state in
                    defer { state.next += 1 }
                    return state.next
                }
                guard index < cases.count else { break }
                let outcomes = run(cases[index], worker: &worker)
                state.withLock { $0.outcomes[index] = outcomes }
            }
            worker?.stop(force: false)
        }
        let all = state.withLock { $0.outcomes }
        return zip(cases, all).flatMap { reference, outcomes in
            zip(reference.units, outcomes).map {
                UnitOutcome(identifier: reference.identifier, label: $0, outcome: $1)
            }
        }
    }

    private func run(_ reference: CaseReference, worker: inout WorkerProcess?) -> [Outcome] {
        var outcomes: [Outcome?] = Array(repeating: nil, count: reference.units.count)
        var excluded: [Int] = []
        var reason = "the worker did not come to it"
        attempts: for _ in 0...Self.mostRestarts {
            var running: Int?
            do {
                let current = try worker ?? WorkerProcess(["--worker", folder])
                worker = current
                try current.send(
                    WorkerLine.encode(
                        WorkerJob(suite: suite, identifier: reference.identifier, excluded: excluded)))
                while true {
                    switch try message(current) {
                    case .started(let unit): running = unit
                    case .ended(let unit, let outcome):
                        if outcomes.indices.contains(unit), outcomes[unit] == nil { outcomes[unit] = outcome }
                        running = nil
                    case .broken(let text):
                        reason = text
                        break attempts
                    case .done: break attempts
                    }
                }
            } catch {
                worker?.stop(force: true)
                worker = nil
                if outcomes.allSatisfy({ $0 != nil }) { break }
                reason = "\(error)"
                guard let running, outcomes.indices.contains(running) else { break }
                outcomes[running] = .failed("\(error)")
                excluded.append(running)
            }
        }
        return outcomes.map { $0 ?? .failed(reason) }
    }

    /// The next message of a worker.
    /// - Throws: ``CaseFailure`` when it has ended, or says nothing in time.
    private func message(_ worker: WorkerProcess) throws -> WorkerMessage {
        while true {
            switch worker.next(within: Double(timeLimit)) {
            case .line(let line):
                if let message = WorkerLine.decode(WorkerMessage.self, Data(line.utf8)) { return message }
            case .silent, .large: throw CaseFailure("took more than \(timeLimit) s")
            case .died(let text): throw CaseFailure(text)
            }
        }
    }
}
