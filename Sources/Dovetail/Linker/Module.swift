// SPDX-License-Identifier: Apache-2.0

/// A compiled core module, to be given to components that import one.
public struct Module: Sendable {
    package let core: CoreModule

    /// Compiles a core module in binary form.
    /// - Throws: ``EngineError`` when it is not valid.
    public init(engine: Engine, bytes: [UInt8]) throws(EngineError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(EngineError) in try CoreModule(engine: engine, bytes: buffer) }
        }
        core = try result.get()
    }
}
