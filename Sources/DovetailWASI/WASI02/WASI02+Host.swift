// SPDX-License-Identifier: Apache-2.0

import Dovetail

extension WASI02 {
    /// A type that serves interfaces of WASI with what a store was granted.
    ///
    /// It has an implementation for each function of the `Imports` protocols, so that it writes those only that it wants
    /// different:
    ///
    /// ```swift
    /// struct Quiet: WASI02.Provider, WASI02.Environment.Imports {
    ///     let wasi: WASIContext
    ///     func getEnvironment() -> [(String, String)] { [] }
    /// }
    ///
    /// WASI02.Environment.define(in: &linker) { caller in Quiet(wasi: try caller.wasi) }
    /// ```
    public protocol Provider {
        /// What the store of the calling guest was granted.
        var wasi: WASIContext { get }
    }

    /// Serves every interface with what the guest's store was granted: what `Linker.wasi(engine:)` defines, and
    /// what implementations of your own may hand calls on to.
    public struct Host: Provider {
        /// What the store was granted.
        public let wasi: WASIContext

        /// Makes a host; `wasi` is the store's, or the caller's.
        public init(_ wasi: WASIContext) { self.wasi = wasi }
    }
}

extension WASI02.Host: WASI02.Poll.Imports, WASI02.MonotonicClock.Imports, WASI02.WallClock.Imports,
    WASI02.Random.Imports, WASI02.Insecure.Imports, WASI02.InsecureSeed.Imports, WASI02.Environment.Imports,
    WASI02.Exit.Imports, WASI02.Stdin.Imports, WASI02.Stdout.Imports, WASI02.Stderr.Imports,
    WASI02.TerminalStdin.Imports, WASI02.TerminalStdout.Imports, WASI02.TerminalStderr.Imports,
    WASI02.FilesystemTypes.Imports, WASI02.Preopens.Imports, WASI02.Network.Imports, WASI02.InstanceNetwork.Imports,
    WASI02.IpNameLookup.Imports, WASI02.TcpCreateSocket.Imports, WASI02.UdpCreateSocket.Imports
{}
