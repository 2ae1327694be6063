// SPDX-License-Identifier: Apache-2.0

/// A compiled core module, to be given to components that import one.
public struct Module: Sendable {
    package let core: CoreModule

    init(_ core: CoreModule) { self.core = core }

    /// Compiles a core module, binary or text.
    /// - Throws: ``EngineError`` when it is not valid, or the text does not parse.
    public init(engine: Engine, bytes: [UInt8]) throws(EngineError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(EngineError) in try CoreModule(engine: engine, bytes: buffer) }
        }
        core = try result.get()
    }
}
