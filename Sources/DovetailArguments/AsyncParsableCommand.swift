// SPDX-License-Identifier: Apache-2.0

import Dispatch
import DovetailFiles

/// A command whose work is asynchronous.
package protocol AsyncParsableCommand: ParsableCommand {
    /// Does the command's work; see ``ParsableCommand``.
    mutating func run() async throws
}

extension AsyncParsableCommand {
    /// Reads `arguments` (the process's, when `nil`), runs the command they choose and ends the process on any error.
    package static func main(_ arguments: [String]?) async {
        ThisProcess.reportFileSizeLimit()
        do {
            var parsed = try CommandParser.parse(root: Self.self, arguments ?? processArguments())
            do {
                if var asynchronous = parsed.command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try parsed.command.run()
                }
            } catch {
                throw CommandFailure(path: parsed.path, error: error)
            }
        } catch {
            exit(withError: error)
        }
    }

    /// Reads the process's arguments, runs the command they choose and ends the process on any error.
    package static func main() async { await main(nil) }
}

/// Runs an asynchronous command below a synchronous root, which keeps the main thread waiting.
func runAndWait(_ command: any AsyncParsableCommand) throws {
    let handover = Handover(command)
    Task.detached {
        do {
            try await handover.command.run()
        } catch {
            handover.error = error
        }
        handover.signal()
    }
    handover.wait()
    if let error = handover.error { throw error }
}

// @unchecked because the task alone touches the fields until it signals, and the waiting thread alone afterwards.
private final class Handover: @unchecked Sendable {
    var command: any AsyncParsableCommand
    var error: (any Error)?
    private let done = DispatchSemaphore(value: 0)

    init(_ command: any AsyncParsableCommand) { self.command = command }

    /// Lets ``wait()`` go on.
    func signal() { done.signal() }

    func wait() { done.wait() }
}
