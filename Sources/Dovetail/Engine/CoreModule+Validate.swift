// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime

extension CoreModule {
    /// Checks a core module without compiling it.
    ///
    /// - Throws: ``EngineError`` with the engine's reason and the offset in `bytes` when the module is not valid.
    package static func validate(engine: Engine, bytes: UnsafeRawBufferPointer) throws(EngineError) {
        guard let base = bytes.baseAddress else { throw .compilation("the module is empty") }
        let start = base.assumingMemoryBound(to: UInt8.self)
        if let error = engine.api.functions.pointee.wasmtime_module_validate(engine.raw, start, bytes.count) {
            throw .compilation(EngineLibrary.message(engine.api, consuming: error))
        }
    }
}
