// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI

/// The two core functions that the fibers of a store run through: one to start in, one to suspend with.
struct FiberFunctions {
    var main = wasmtime_func_t()
    var suspend = wasmtime_func_t()

    init(_ store: Store) throws(EngineError) {
        let api = store.api.functions
        let linker = try store.engine.fiberLinker()
        api.pointee.wasmtime_func_new_unchecked(
            store.context, linker.type.raw,
            { _, _, slots, _ in
                var reader = FlatReader(slots)
                Fiber.from(reader.nextU64())?.main()
                return nil
            }, nil, nil, &main)
        var item = wasmtime_extern_t()
        guard api.pointee.wasmtime_linker_get(linker.raw, store.context, "", 0, "suspend", 7, &item) else {
            throw .configuration("a function of fibers was refused")
        }
        suspend = item.of.func
    }
}

/// Holds the function that suspends a fiber; one for an engine.
final class FiberLinker: @unchecked Sendable {
    // @unchecked because the linker is filled here and only read afterwards.
    let raw: OpaquePointer
    /// The type of both functions.
    let type: EngineFunctionType
    private let api: EngineLibrary.Table

    init(_ api: EngineLibrary.Table, _ engine: OpaquePointer) throws(EngineError) {
        guard let type = EngineFunctionType(api, CoreSignature([.i64], [])) else {
            throw .configuration("a core function type was refused")
        }
        self.api = api
        self.type = type
        raw = api.functions.pointee.wasmtime_linker_new(engine)
        // The engine asks the fiber, each time it is resumed, whether it may go on.
        let error = api.functions.pointee.wasmtime_linker_define_async_func(
            raw, "", 0, "suspend", 7, type.raw,
            { _, _, arguments, _, _, _, _, continuation in
                continuation.pointee.env = arguments.flatMap { UnsafeMutableRawPointer(bitPattern: Int($0[0].of.i64)) }
                continuation.pointee.finalizer = nil
                continuation.pointee.callback = { env in
                    env.map { Unmanaged<Fiber>.fromOpaque($0)._withUnsafeGuaranteedRef { $0.isReady } } ?? true
                }
            }, nil, nil)
        if let error { throw .configuration(EngineLibrary.message(api, consuming: error)) }
    }

    deinit { api.functions.pointee.wasmtime_linker_delete(raw) }
}
