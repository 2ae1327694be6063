// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// Where commands write their results. Nothing is buffered, so that what could not be written is known at once.
package enum StandardOutput {
    /// Why a result could not be written.
    ///
    /// A command that lets it pass ends with code 1, after the reason was printed; where the reader of a pipe went away, which is
    /// its right, nothing is printed.
    package struct Failure: Error, CustomStringConvertible {
        let cause: SystemError

        /// Whether there is nobody left to read.
        var isClosedPipe: Bool { cause == .brokenPipe }

        package var description: String { "cannot write to standard output: \(cause)" }
    }

    /// Writes `text` and ends the line.
    package static func line(_ text: String) throws(Failure) { try write(text + "\n") }

    /// Writes `text` as it is.
    package static func write(_ text: String) throws(Failure) {
        try writeAll(Array(text.utf8))
    }

    /// Writes bytes that are no text.
    /// - Throws: ``ValidationError`` where standard output is a terminal, which they would confuse.
    package static func write(_ bytes: [UInt8]) throws {
        guard !StandardDescriptors.output.isTerminal else {
            throw ValidationError(
                "expected a file or a pipe for binary output, found a terminal; name a file, or redirect the output")
        }
        try writeAll(bytes)
    }

    private static func writeAll(_ bytes: [UInt8]) throws(Failure) {
        do throws(SystemError) {
            try bytes.withRawBytes { (bytes) throws(SystemError) in try StandardDescriptors.output.writeAll(bytes) }
        } catch {
            throw Failure(cause: error)
        }
    }
}

/// Where commands say what is wrong.
package enum StandardError {
    /// Writes `text` and ends the line.
    package static func line(_ text: String) { Terminal.write(text + "\n", to: 2) }

    /// Writes an error as the tool shows them: `error: …`, unless it begins so already.
    package static func error(_ error: any Error) { line(text(of: error)) }

    /// An error as the tool shows it, for those who write it themselves.
    package static func text(of error: any Error) -> String { ExitReport.line(error) }
}
