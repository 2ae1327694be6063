// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
package import Dovetail
import DovetailTypes

/// Runs a core module as a command of WASI preview 1, on the engine's own host for it.
///
/// The guest has the process's standard streams, and of the rest only what the configuration names.
package struct CoreModuleRunner: Sendable {
    /// What the guest gets.
    package struct Configuration: Sendable {
        /// The command line, the program's name first.
        package var arguments: [String] = []
        /// The environment.
        package var environment: [(name: String, value: String)] = []
        /// Folders of the host, with the names under which the guest sees them.
        package var folders: [(host: String, guest: String)] = []
        /// How long the guest may run, and how large its memories and tables may be; the rest is for components.
        package var limits = Store.Configuration()

        /// Nothing.
        package init() {}
    }

    private let engine: Engine
    private let module: CoreModule

    /// A runner for `module`.
    package init(_ module: CoreModule) {
        self.engine = module.engine
        self.module = module
    }

    /// Instantiates the module and calls `_start`, where it exports one.
    ///
    /// - Returns: the exit code: that of `proc_exit`, else 0.
    /// - Throws: ``CoreModuleError``.
    package func run(_ configuration: Configuration) throws -> Int32 {
        let api = engine.api.functions
        let store = api.pointee.wasmtime_store_new(engine.raw, nil, nil)
        defer { api.pointee.wasmtime_store_delete(store) }
        let context = api.pointee.wasmtime_store_context(store)
        api.pointee.wasmtime_store_limiter(
            store, Int64(configuration.limits.maximumMemory ?? -1),
            Int64(configuration.limits.maximumTableElements ?? -1), -1, -1, -1
        )
        let wasi = try makeWASI(configuration)
        if let error = api.pointee.wasmtime_context_set_wasi(context, wasi) { try finish(error, configuration) }

        let linker = api.pointee.wasmtime_linker_new(engine.raw)
        defer { api.pointee.wasmtime_linker_delete(linker) }
        if let error = api.pointee.wasmtime_linker_define_wasi(linker) { try finish(error, configuration) }
        try checkImports(linker, context)

        let hold = configuration.limits.timeout.map { _ in EpochHold(engine) }
        defer { withExtendedLifetime(hold) {} }
        if let timeout = configuration.limits.timeout {
            // One tick more, because the current one has begun.
            api.pointee.wasmtime_context_set_epoch_deadline(context, timeout.ticks &+ 1)
        } else {
            api.pointee.wasmtime_context_set_epoch_deadline(context, UInt64(Int64.max))
        }

        var instance = wasmtime_instance_t()
        var trap: OpaquePointer?
        if let error = api.pointee.wasmtime_linker_instantiate(linker, context, module.raw, &instance, &trap) {
            return try finish(error, configuration)
        }
        if let trap { throw failure(trap, configuration) }
        guard case .function? = module.exports[ExactName("_start")] else { return 0 }
        return try start(context, &instance, configuration)
    }

    private func start(
        _ context: OpaquePointer, _ instance: inout wasmtime_instance_t, _ configuration: Configuration
    ) throws -> Int32 {
        let api = engine.api.functions
        var item = wasmtime_extern_t()
        guard api.pointee.wasmtime_instance_export_get(context, &instance, "_start", 6, &item) else { return 0 }
        defer { api.pointee.wasmtime_extern_delete(&item) }
        var trap: OpaquePointer?
        if let error = api.pointee.wasmtime_func_call(context, &item.of.func, nil, 0, nil, 0, &trap) {
            return try finish(error, configuration)
        }
        if let trap { throw failure(trap, configuration) }
        return 0
    }

    private func checkImports(_ linker: OpaquePointer, _ context: OpaquePointer) throws {
        let api = engine.api.functions
        let missing = module.imports.filter { wanted in
            var item = wasmtime_extern_t()
            let found = api.pointee.wasmtime_linker_get(
                linker, context, wanted.module, wanted.module.utf8.count, wanted.name, wanted.name.utf8.count, &item)
            if found { api.pointee.wasmtime_extern_delete(&item) }
            return !found
        }
        if !missing.isEmpty { throw CoreModuleError.missingImports(missing) }
    }

    private func makeWASI(_ configuration: Configuration) throws -> OpaquePointer {
        let variables = configuration.environment
        for text in configuration.arguments where text.utf8.contains(0) {
            throw CoreModuleError.holdsNUL(text, in: "an argument")
        }
        for text in variables.flatMap({ [$0.name, $0.value] }) where text.utf8.contains(0) {
            throw CoreModuleError.holdsNUL(text, in: "a variable")
        }
        for text in configuration.folders.flatMap({ [$0.host, $0.guest] }) where text.utf8.contains(0) {
            throw CoreModuleError.holdsNUL(text, in: "a folder")
        }
        let api = engine.api.functions
        let wasi = api.pointee.wasi_config_new()
        api.pointee.wasi_config_inherit_stdin(wasi)
        api.pointee.wasi_config_inherit_stdout(wasi)
        api.pointee.wasi_config_inherit_stderr(wasi)
        withCStrings(configuration.arguments) { list in
            _ = api.pointee.wasi_config_set_argv(wasi, configuration.arguments.count, list)
        }
        withCStrings(variables.map(\.name)) { names in
            withCStrings(variables.map(\.value)) { values in
                _ = api.pointee.wasi_config_set_env(wasi, variables.count, names, values)
            }
        }
        for folder in configuration.folders {
            guard api.pointee.wasi_config_preopen_dir(wasi, folder.host, folder.guest, true) else {
                api.pointee.wasi_config_delete(wasi)
                throw CoreModuleError.folder(folder.host)
            }
        }
        return wasi
    }

    // MARK: - Ends

    /// Takes over an error: gives the exit code it stands for, or throws it.
    @discardableResult
    private func finish(_ error: OpaquePointer, _ configuration: Configuration) throws -> Int32 {
        let api = engine.api.functions
        var status: Int32 = 0
        if api.pointee.wasmtime_error_exit_status(error, &status) {
            api.pointee.wasmtime_error_delete(error)
            return status
        }
        var frames = wasm_frame_vec_t()
        api.pointee.wasmtime_error_wasm_trace(error, &frames)
        let backtrace = TrapReader(api: engine.api).backtrace(&frames)
        throw CoreModuleError.trap(Self.reason(EngineLibrary.message(engine.api, consuming: error)), backtrace)
    }

    /// Takes over a trap.
    private func failure(_ trap: OpaquePointer, _ configuration: Configuration) -> CoreModuleError {
        let api = engine.api.functions
        defer { api.pointee.wasm_trap_delete(trap) }
        var frames = wasm_frame_vec_t()
        api.pointee.wasm_trap_trace(trap, &frames)
        let backtrace = TrapReader(api: engine.api).backtrace(&frames)
        var code: wasmtime_trap_code_t = 0
        if let limit = configuration.limits.timeout, api.pointee.wasmtime_trap_code(trap, &code),
            code == WASMTIME_TRAP_CODE_INTERRUPT
        {
            return .timeout(limit, backtrace)
        }
        var message = wasm_message_t()
        api.pointee.wasm_trap_message(trap, &message)
        defer { api.pointee.wasm_byte_vec_delete(&message) }
        return .trap(Self.reason(String(message)), backtrace)
    }

    /// The innermost cause of an engine's message, which is its last line that says anything but frames.
    private static func reason(_ message: String) -> String {
        let lines = message.split { $0 == "\n" || $0 == "\0" }.map { line in
            line.drop { $0 == " " }
        }
        let last = lines.last { !$0.isEmpty && !$0.contains(" - <") && $0.first?.isNumber != true } ?? lines.last
        // Causes are numbered: `2: wasm trap: …`.
        let text = lines.last { $0.contains("wasm trap: ") } ?? last ?? "the guest trapped"
        guard let colon = text.firstRange(of: ": "), text[..<colon.lowerBound].allSatisfy(\.isNumber) else {
            return String(text)
        }
        return String(text[colon.upperBound...])
    }
}

extension Duration {
    /// The milliseconds of a duration, which are the ticks of an engine's epoch; at least 1.
    fileprivate var ticks: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1000)
        if overflow || whole > UInt64(Int64.max) / 2 { return UInt64(Int64.max) / 2 }
        return max(1, whole + UInt64(attoseconds / 1_000_000_000_000_000))
    }
}

/// Calls `body` with an array of C strings that lives as long as the call.
private func withCStrings(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Void
) {
    let texts = strings.map { string in
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: string.utf8.count + 1)
        _ = text.initialize(from: string.utf8CString)
        return text
    }
    let list = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, text) in texts.enumerated() { (list + index).initialize(to: UnsafePointer(text.baseAddress)) }
    (list + texts.count).initialize(to: nil)
    defer {
        for text in texts { text.deallocate() }
        list.deallocate()
    }
    body(list)
}
