// SPDX-License-Identifier: Apache-2.0

extension WASI02 {
    static let cli = [
        Interface(name: "wasi:cli/environment") { linker, _ in Environment.define(in: &linker, host) },
        Interface(name: "wasi:cli/exit") { linker, _ in Exit.define(in: &linker, host) },
        Interface(name: "wasi:cli/stdin") { linker, _ in Stdin.define(in: &linker, host) },
        Interface(name: "wasi:cli/stdout") { linker, _ in Stdout.define(in: &linker, host) },
        Interface(name: "wasi:cli/stderr") { linker, _ in Stderr.define(in: &linker, host) },
        Interface(name: "wasi:cli/terminal-input") { linker, _ in TerminalInput.define(in: &linker) },
        Interface(name: "wasi:cli/terminal-output") { linker, _ in TerminalOutput.define(in: &linker) },
        Interface(name: "wasi:cli/terminal-stdin") { linker, _ in TerminalStdin.define(in: &linker, host) },
        Interface(name: "wasi:cli/terminal-stdout") { linker, _ in TerminalStdout.define(in: &linker, host) },
        Interface(name: "wasi:cli/terminal-stderr") { linker, _ in TerminalStderr.define(in: &linker, host) },
    ]
}
