// SPDX-License-Identifier: Apache-2.0

import Dovetail

extension WASI02 {
    /// One interface, and how it is defined in a linker with what the guest's store was granted.
    struct Interface: Sendable {
        /// The name without its version.
        let name: String
        let define: @Sendable (inout Linker) -> Void
    }

    /// The version the interfaces are defined as; the linker matches earlier ones to it.
    static let version = "0.2.12"

    static let interfaces = io + clocks + random + cli + filesystem + sockets + http

    private static let io = [
        Interface(name: "wasi:io/error") { Error.define(in: &$0) },
        Interface(name: "wasi:io/poll") { Poll.define(in: &$0, host) },
        Interface(name: "wasi:io/streams") {
            Streams.define(in: &$0)
            Streams.defineWrite(in: &$0)
        },
    ]

    private static let clocks = [
        Interface(name: "wasi:clocks/monotonic-clock") { MonotonicClock.define(in: &$0, host) },
        Interface(name: "wasi:clocks/wall-clock") { WallClock.define(in: &$0, host) },
    ]

    private static let random = [
        Interface(name: "wasi:random/random") { Random.define(in: &$0, host) },
        Interface(name: "wasi:random/insecure") { Insecure.define(in: &$0, host) },
        Interface(name: "wasi:random/insecure-seed") { InsecureSeed.define(in: &$0, host) },
    ]

    private static let cli = [
        Interface(name: "wasi:cli/environment") { Environment.define(in: &$0, host) },
        Interface(name: "wasi:cli/exit") { Exit.define(in: &$0, host) },
        Interface(name: "wasi:cli/stdin") { Stdin.define(in: &$0, host) },
        Interface(name: "wasi:cli/stdout") { Stdout.define(in: &$0, host) },
        Interface(name: "wasi:cli/stderr") { Stderr.define(in: &$0, host) },
        Interface(name: "wasi:cli/terminal-input") { TerminalInput.define(in: &$0) },
        Interface(name: "wasi:cli/terminal-output") { TerminalOutput.define(in: &$0) },
        Interface(name: "wasi:cli/terminal-stdin") { TerminalStdin.define(in: &$0, host) },
        Interface(name: "wasi:cli/terminal-stdout") { TerminalStdout.define(in: &$0, host) },
        Interface(name: "wasi:cli/terminal-stderr") { TerminalStderr.define(in: &$0, host) },
    ]

    private static let filesystem = [
        Interface(name: "wasi:filesystem/types") { FilesystemTypes.define(in: &$0, host) },
        Interface(name: "wasi:filesystem/preopens") { Preopens.define(in: &$0, host) },
    ]

    private static let sockets = [
        Interface(name: "wasi:sockets/network") { Network.define(in: &$0, host) },
        Interface(name: "wasi:sockets/instance-network") { InstanceNetwork.define(in: &$0, host) },
        Interface(name: "wasi:sockets/ip-name-lookup") { IpNameLookup.define(in: &$0, host) },
        Interface(name: "wasi:sockets/tcp") { Tcp.define(in: &$0) },
        Interface(name: "wasi:sockets/tcp-create-socket") { TcpCreateSocket.define(in: &$0, host) },
        Interface(name: "wasi:sockets/udp") { Udp.define(in: &$0) },
        Interface(name: "wasi:sockets/udp-create-socket") { UdpCreateSocket.define(in: &$0, host) },
    ]

    /// The host for a caller.
    private static let host: @Sendable (Caller) -> Host = { Host($0.wasi) }
}
