// SPDX-License-Identifier: Apache-2.0

extension WASI02.Random.Imports where Self: WASI02.Provider {
    /// Bytes of the configuration's source.
    ///
    /// - Throws: ``WASIError`` with code `misuse` for more than the configuration allows, or what the source throws.
    public func getRandomBytes(len: UInt64) throws -> [UInt8] { try wasi.randomBytes(len) }

    /// A number of the configuration's source.
    public func getRandomU64() throws -> UInt64 { try wasi.randomNumber() }
}

extension WASI02.Insecure.Imports where Self: WASI02.Provider {
    /// Bytes of the configuration's insecure source.
    ///
    /// - Throws: ``WASIError`` with code `misuse` for more than the configuration allows, or what the source throws.
    public func getInsecureRandomBytes(len: UInt64) throws -> [UInt8] { try wasi.insecureBytes(len) }

    /// A number of the configuration's insecure source.
    public func getInsecureRandomU64() throws -> UInt64 { try wasi.insecureNumber() }
}

extension WASI02.InsecureSeed.Imports where Self: WASI02.Provider {
    /// Numbers of the configuration's insecure source.
    public func insecureSeed() throws -> (UInt64, UInt64) { try wasi.insecureSeed() }
}
