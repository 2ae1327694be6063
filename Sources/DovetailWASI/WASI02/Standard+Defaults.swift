// SPDX-License-Identifier: Apache-2.0

import Dovetail

/// A terminal that a guest reads from or writes to; it has no operations.
public final class WASITerminal: WASI02.TerminalInput.TerminalInput, WASI02.TerminalOutput.TerminalOutput {
    /// Makes a terminal.
    public init() {}
}

extension WASI02.Stdin.Imports where Self: WASI02.Provider {
    /// A stream of the configuration's standard input.
    public func getStdin() throws -> any WASI02.Streams.InputStream { WASIInputStream(wasi.standardInput, in: wasi) }
}

extension WASI02.Stdout.Imports where Self: WASI02.Provider {
    /// A stream of the configuration's standard output.
    public func getStdout() throws -> any WASI02.Streams.OutputStream {
        WASIOutputStream(wasi.standardOutput, in: wasi)
    }
}

extension WASI02.Stderr.Imports where Self: WASI02.Provider {
    /// A stream of the configuration's standard error.
    public func getStderr() throws -> any WASI02.Streams.OutputStream { WASIOutputStream(wasi.standardError, in: wasi) }
}

extension WASI02.TerminalStdin.Imports where Self: WASI02.Provider {
    /// A terminal, where the configuration's standard input is one.
    public func getTerminalStdin() throws -> (any WASI02.TerminalInput.TerminalInput)? {
        wasi.configuration.standardInput.isTerminal() ? WASITerminal() : nil
    }
}

extension WASI02.TerminalStdout.Imports where Self: WASI02.Provider {
    /// A terminal, where the configuration's standard output is one.
    public func getTerminalStdout() throws -> (any WASI02.TerminalOutput.TerminalOutput)? {
        wasi.configuration.standardOutput.isTerminal(1) ? WASITerminal() : nil
    }
}

extension WASI02.TerminalStderr.Imports where Self: WASI02.Provider {
    /// A terminal, where the configuration's standard error is one.
    public func getTerminalStderr() throws -> (any WASI02.TerminalOutput.TerminalOutput)? {
        wasi.configuration.standardError.isTerminal(2) ? WASITerminal() : nil
    }
}
