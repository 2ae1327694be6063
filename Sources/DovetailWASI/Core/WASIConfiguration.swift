// SPDX-License-Identifier: Apache-2.0

/// What a guest gets of WASI. By default that is clocks and random numbers: no arguments, no environment, no files, no network,
/// and standard streams that are closed.
///
/// ```swift
/// var wasi = WASIConfiguration(arguments: ["hello", "--verbose"])
/// wasi.standardOutput = .inherit
/// wasi.preopens = [Preopen("/srv/data", as: "/data", permissions: .readOnly)]
/// ```
public struct WASIConfiguration: Sendable {
    /// The command line, the program's name first.
    public var arguments: [String]
    /// The environment, in the order the guest sees it.
    public var environment: [(name: String, value: String)]
    /// What `initial-cwd` answers.
    public var initialDirectory: String?
    /// The folders the guest may use.
    public var preopens: [Preopen]
    /// What it may do on the network: by default nothing.
    public var network = NetworkGrants()
    /// What it reads.
    public var standardInput: StandardInput
    /// Where its output goes.
    public var standardOutput: StandardOutput
    /// Where its messages go.
    public var standardError: StandardOutput
    /// Behind `wasi:clocks/monotonic-clock`; nil for the system's, counted from the making of the store's context.
    public var monotonicClock: (any MonotonicClock)?
    /// Behind `wasi:clocks/wall-clock`.
    public var wallClock: any WallClock
    /// Behind `wasi:random/random`.
    public var random: any RandomSource
    /// Behind `wasi:random/insecure` and `insecure-seed`; nil for a generator seeded from the system.
    public var insecureRandom: (any RandomSource)?
    /// The most random bytes of one request; more traps.
    public var largestRandomRequest: Int

    /// Makes a configuration that allows nothing but what is named here.
    public init(
        arguments: [String] = [], environment: [(name: String, value: String)] = [], preopens: [Preopen] = [],
        standardInput: StandardInput = .null, standardOutput: StandardOutput = .null,
        standardError: StandardOutput = .null
    ) {
        self.arguments = arguments
        self.environment = environment
        self.preopens = preopens
        self.standardInput = standardInput
        self.standardOutput = standardOutput
        self.standardError = standardError
        initialDirectory = nil
        monotonicClock = nil
        wallClock = SystemWallClock()
        random = SystemRandomSource()
        insecureRandom = nil
        largestRandomRequest = 64 << 20
    }
}
