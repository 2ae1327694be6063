// SPDX-License-Identifier: Apache-2.0

public import Dovetail

extension WASI02.Environment.Imports where Self: WASI02.Provider {
    /// The variables of the configuration.
    public func getEnvironment() throws -> [(String, String)] {
        wasi.configuration.environment.map { ($0.name, $0.value) }
    }

    /// The arguments of the configuration.
    public func getArguments() throws -> [String] { wasi.configuration.arguments }

    /// The initial directory of the configuration.
    public func initialCwd() throws -> String? { wasi.configuration.initialDirectory }
}

extension WASI02.Exit.Imports where Self: WASI02.Provider {
    /// Throws ``WASIExit`` with code 0 or 1.
    public func exit(status: Result<Empty, Empty>) throws {
        if case .success = status { throw WASIExit(code: 0) }
        throw WASIExit(code: 1)
    }

    /// Throws ``WASIExit``.
    public func exitWithCode(statusCode: UInt8) throws { throw WASIExit(code: statusCode) }
}
