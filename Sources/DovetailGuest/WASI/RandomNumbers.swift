// SPDX-License-Identifier: Apache-2.0

@_extern(wasm, module: "wasi:random/random@0.2.0", name: "get-random-u64")
@_extern(c, "guest get-random-u64") private func getRandom() -> Int64

@_extern(wasm, module: "wasi:random/random@0.2.0", name: "get-random-bytes")
@_extern(c, "guest get-random-bytes") private func getRandomBytes(_ count: Int64, _ result: UnsafeMutableRawPointer)

/// Random numbers that nobody can guess, in a world that imports `wasi:random/random`.
public struct SecureRandomNumberGenerator: RandomNumberGenerator, Sendable {
    /// Makes one; they are all the same.
    public init() {}

    /// The next number.
    public mutating func next() -> UInt64 { UInt64(bitPattern: getRandom()) }

    /// Random bytes.
    public func bytes(_ count: Int) -> [UInt8] {
        withArea(8) { area, _ in
            getRandomBytes(Int64(count), area)
            return ListCodec<UInt8.Codec>.load(area)
        }
    }
}
