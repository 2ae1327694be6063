// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// Where `wasi:random` takes its numbers from.
public protocol RandomSource: Sendable {
    /// Gives `count` bytes; `count` was held against the configuration's limit before.
    func bytes(_ count: Int) throws -> [UInt8]
    /// Gives one number, of eight bytes unless the source has a quicker way.
    func number() throws -> UInt64
}

extension RandomSource {
    /// Gives one number, of eight bytes.
    public func number() throws -> UInt64 {
        try bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The system's cryptographically secure source.
public struct SystemRandomSource: RandomSource {
    /// Makes it.
    public init() {}

    /// Gives `count` bytes.
    public func bytes(_ count: Int) throws -> [UInt8] {
        do throws(SystemError) { return try SystemRandom.bytes(count) } catch { throw WASIError.randomFailed(error) }
    }

    /// Gives one number.
    public func number() throws -> UInt64 {
        do throws(SystemError) { return try SystemRandom.number() } catch { throw WASIError.randomFailed(error) }
    }
}

/// The same numbers for the same seed, quickly: for `wasi:random/insecure`, and for runs that must repeat.
public final class SeededRandomSource: RandomSource {
    private let state: Mutex<UInt64>

    /// Makes a source that depends on `seed` alone.
    public init(seed: UInt64) { state = Mutex(seed) }

    /// Gives `count` bytes.
    public func bytes(_ count: Int) -> [UInt8] {
        state.withLock { state in
            [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                var word: UInt64 = 0
                for index in 0..<count {
                    if index % 8 == 0 { word = Self.next(&state) }
                    buffer.initializeElement(at: index, to: UInt8(truncatingIfNeeded: word))
                    word >>= 8
                }
                initialized = count
            }
        }
    }

    /// Gives one number: the next eight bytes.
    public func number() -> UInt64 { state.withLock { Self.next(&$0).byteSwapped } }

    /// One step of the splitmix64 generator.
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
