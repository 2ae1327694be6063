// SPDX-License-Identifier: Apache-2.0

package import CDovetailWasmtime
import Synchronization

/// Compiles components and is what their stores run on; make one and share it.
///
/// ```swift
/// let engine = try Engine()
/// let component = try Component(engine: engine, path: "adder.wasm")
/// ```
public final class Engine: @unchecked Sendable {
    // @unchecked because libwasmtime's engine may be used from any thread, and nothing else changes.

    package let api: EngineLibrary.Table
    package let raw: OpaquePointer
    /// The configuration the engine was made with.
    public let configuration: Configuration
    let cache: ArtefactCache?
    /// Why compiled modules are not kept, though there is a cache folder: somebody else could have put code there. `nil` where all is well.
    public var cacheProblem: String? { cache?.problem }
    let ticker: EpochTicker
    private let fibers = Mutex<FiberLinker?>(nil)
    private let typeTest = Mutex<FunctionTypeTest.Module?>(nil)

    /// Loads libwasmtime, the first time, and makes an engine.
    ///
    /// - Throws: ``EngineError`` when the library is missing, damaged or of another version, or refuses the configuration.
    public init(_ configuration: Configuration = Configuration()) throws(EngineError) {
        api = try EngineLibrary.table()
        guard let raw = api.functions.pointee.wasm_engine_new_with_config(configuration.make(api)) else {
            throw .configuration("see the standard error stream")
        }
        self.raw = raw
        self.configuration = configuration
        cache = ArtefactCache(configuration)
        ticker = EpochTicker(api: api, engine: raw)
    }

    /// Holds the function that suspends fibers; made when the first fiber is.
    func fiberLinker() throws(EngineError) -> FiberLinker {
        try Self.once(fibers) { () throws(EngineError) in try FiberLinker(api, raw) }
    }

    /// The module of ``FunctionTypeTest``, compiled when it is first needed.
    func functionTypeTest() throws(EngineError) -> FunctionTypeTest.Module {
        try Self.once(typeTest) { () throws(EngineError) in try FunctionTypeTest.Module(self) }
    }

    /// What is kept, made if it is not there yet.
    private static func once<Value: Sendable>(
        _ kept: borrowing Mutex<Value?>, _ make: () throws(EngineError) -> Value
    ) throws(EngineError) -> Value {
        let result: Result<Value, EngineError> = kept.withLock { known in
            Result { () throws(EngineError) in
                if let known { return known }
                let made = try make()
                known = made
                return made
            }
        }
        return try result.get()
    }

    /// Whether instances are expected to live so shortly that their imports come by an ``ImportCarrier``.
    var carriesImports: Bool { configuration.allocation != .onDemand }

    /// The bytes of stack that must be left when guest code is entered: its allowance, and some for host functions.
    var stackReserve: UInt { UInt(clamping: configuration.maximumWasmStack) &+ (128 << 10) }

    deinit {
        fibers.withLock { $0 = nil }
        ticker.stop()
        api.functions.pointee.wasm_engine_delete(raw)
    }
}

extension EngineLibrary {
    /// Takes over an error and gives back its text.
    package static func message(_ api: Table, consuming error: OpaquePointer) -> String {
        var text = wasm_byte_vec_t()
        withUnsafePointer(to: &text) { api.functions.pointee.wasmtime_error_message(error, $0) }
        defer { api.functions.pointee.wasm_byte_vec_delete(&text) }
        api.functions.pointee.wasmtime_error_delete(error)
        return String(text)
    }
}

extension String {
    /// The text of a byte vector of the engine's.
    package init(_ bytes: wasm_byte_vec_t) {
        self.init(decoding: UnsafeRawBufferPointer(start: bytes.data, count: bytes.size), as: UTF8.self)
    }
}
