// SPDX-License-Identifier: Apache-2.0

/// The state of WASI in one store: what the configuration names, opened.
///
/// All versions of WASI use it. Not for use from two threads at once, as its store.
public final class WASIContext {
    /// What it was made from.
    public let configuration: WASIConfiguration
    /// How blocking calls wait; replace it to drive them from an event loop.
    public var waiter: any ReadinessWaiter

    /// What guests may do on the network.
    package private(set) lazy var network = NetworkAccess(configuration.network)
    package let monotonicClock: any MonotonicClock
    // Many guests use none of them.
    package private(set) lazy var standardInput: any HostInputStream = configuration.standardInput.makeStream()
    package private(set) lazy var standardOutput: any HostOutputStream = configuration.standardOutput.makeStream(1)
    package private(set) lazy var standardError: any HostOutputStream = configuration.standardError.makeStream(2)
    // Made when first used: a seed takes longer than all the rest.
    private lazy var insecureRandom: any RandomSource =
        configuration.insecureRandom ?? SeededRandomSource(seed: .random(in: 0...UInt64.max))
    private let opened: [(descriptor: Descriptor, guestPath: String)]
    private struct FileIdentity: Hashable { var device, inode: UInt64 }
    private var fileNumbers: [FileIdentity: UInt64] = [:]

    /// Opens what the configuration names.
    ///
    /// - Throws: ``WASIError`` with code `configuration` for a folder that cannot be opened, or text that holds NUL.
    public convenience init(_ configuration: WASIConfiguration, waiter: (any ReadinessWaiter)? = nil) throws {
        for argument in configuration.arguments where argument.utf8.contains(0) {
            throw WASIError.nulInConfiguration(argument, field: "arguments")
        }
        for (name, value) in configuration.environment where name.utf8.contains(0) || value.utf8.contains(0) {
            throw WASIError.nulInConfiguration("\(name)=\(value)", field: "environment")
        }
        let opened = try configuration.preopens.map { (try $0.open(), $0.guestPath) }
        self.init(configuration, opened, waiter)
    }

    /// The empty grant, which needs nothing to be opened.
    convenience init(waiter: (any ReadinessWaiter)?) { self.init(WASIConfiguration(), [], waiter) }

    private init(
        _ configuration: WASIConfiguration, _ opened: [(descriptor: Descriptor, guestPath: String)],
        _ waiter: (any ReadinessWaiter)?
    ) {
        self.configuration = configuration
        self.opened = opened
        self.waiter = waiter ?? PollWaiter()
        monotonicClock = configuration.monotonicClock ?? SystemMonotonicClock()
    }

    /// The preopened folders: new descriptors each time, since the guest owns and drops them.
    package func directories() -> [(descriptor: Descriptor, guestPath: String)] {
        opened.map { entry in
            let root = entry.descriptor
            return (
                Descriptor(
                    root.descriptor, kind: root.kind, permissions: root.permissions, flags: root.flags, in: self),
                entry.guestPath
            )
        }
    }

    /// A number for a file, in the order in which they were asked for: the same in each run of a guest that asks the same.
    func number(ofFile status: FileStatus) -> UInt64 {
        let file = FileIdentity(device: status.device, inode: status.inode)
        if let known = fileNumbers[file] { return known }
        let number = UInt64(fileNumbers.count) + 1
        fileNumbers[file] = number
        return number
    }

    /// Cryptographically secure random bytes.
    package func randomBytes(_ count: UInt64) throws -> [UInt8] {
        try configuration.random.bytes(
            permitted(count, function: "wasi:random/random#get-random-bytes"))
    }

    /// A cryptographically secure random number.
    package func randomNumber() throws -> UInt64 { try configuration.random.number() }

    /// Random bytes that need not be secure.
    package func insecureBytes(_ count: UInt64) throws -> [UInt8] {
        try insecureRandom.bytes(
            permitted(count, function: "wasi:random/insecure#get-insecure-random-bytes"))
    }

    /// A random number that need not be secure.
    package func insecureNumber() throws -> UInt64 { try insecureRandom.number() }

    /// A seed for hash tables and the like.
    package func insecureSeed() throws -> (UInt64, UInt64) {
        (try insecureRandom.number(), try insecureRandom.number())
    }

    private func permitted(_ count: UInt64, function: String) throws -> Int {
        let limit = max(0, configuration.largestRandomRequest)
        guard count <= UInt64(limit) else {
            throw WASIError.randomTooLong(count, limit: limit, function: function)
        }
        return Int(count)
    }
}
