// SPDX-License-Identifier: Apache-2.0
internal import Dovetail
internal import DovetailABI

/// The representation of `terminal-input`, which has no operations.
final class TerminalInput {}

/// The representation of `terminal-output`, which has no operations.
final class TerminalOutput {}

extension WASI02 {
    static let cli = [
        Interface(name: "wasi:cli/environment") { linker, _ in Environment.define(in: &linker, host) },
        Interface(name: "wasi:cli/exit") { linker, _ in Exit.define(in: &linker, host) },
        Interface(name: "wasi:cli/stdin") { linker, name in
            linker.define(
                "get-stdin", in: name,
                typed: { (caller: Caller) throws -> Own<InputStream> in
                    try Own(InputStream(caller.wasi.standardInput))
                })
        },
        Interface(name: "wasi:cli/stdout") { linker, name in
            linker.define(
                "get-stdout", in: name,
                typed: { (caller: Caller) throws -> Own<OutputStream> in
                    try Own(OutputStream(caller.wasi.standardOutput))
                })
        },
        Interface(name: "wasi:cli/stderr") { linker, name in
            linker.define(
                "get-stderr", in: name,
                typed: { (caller: Caller) throws -> Own<OutputStream> in
                    try Own(OutputStream(caller.wasi.standardError))
                })
        },
        Interface(name: "wasi:cli/terminal-input") { linker, name in
            linker.defineResource("terminal-input", in: name, TerminalInput.self)
        },
        Interface(name: "wasi:cli/terminal-output") { linker, name in
            linker.defineResource("terminal-output", in: name, TerminalOutput.self)
        },
        Interface(name: "wasi:cli/terminal-stdin") { linker, name in
            linker.define(
                "get-terminal-stdin", in: name,
                typed: { (caller: Caller) throws -> Own<TerminalInput>? in
                    try caller.wasi.configuration.standardInput.isTerminal() ? Own(TerminalInput()) : nil
                })
        },
        Interface(name: "wasi:cli/terminal-stdout") { linker, name in
            linker.define(
                "get-terminal-stdout", in: name,
                typed: { (caller: Caller) throws -> Own<TerminalOutput>? in
                    try caller.wasi.configuration.standardOutput.isTerminal(1) ? Own(TerminalOutput()) : nil
                })
        },
        Interface(name: "wasi:cli/terminal-stderr") { linker, name in
            linker.define(
                "get-terminal-stderr", in: name,
                typed: { (caller: Caller) throws -> Own<TerminalOutput>? in
                    try caller.wasi.configuration.standardError.isTerminal(2) ? Own(TerminalOutput()) : nil
                })
        },
    ]
}
