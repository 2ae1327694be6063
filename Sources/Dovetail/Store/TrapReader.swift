// SPDX-License-Identifier: Apache-2.0

package import CDovetailWasmtime

/// Turns the engine's traps and errors into ``Trap``.
package struct TrapReader {
    let api: EngineLibrary.Table

    package init(api: EngineLibrary.Table) { self.api = api }

    /// The trap behind what a call of the engine's gave; takes both over.
    func read(error: OpaquePointer?, trap: OpaquePointer?) -> Trap {
        if let trap {
            defer { api.functions.pointee.wasm_trap_delete(trap) }
            if let error { api.functions.pointee.wasmtime_error_delete(error) }
            return read(trap)
        }
        guard let error else { return Trap(code: .other, message: "the engine gave no reason") }
        var frames = wasm_frame_vec_t()
        api.functions.pointee.wasmtime_error_wasm_trace(error, &frames)
        let backtrace = self.backtrace(&frames)
        let text = EngineLibrary.message(api, consuming: error)
        return Trap(code: .other, message: Self.firstLine(text), backtrace: backtrace)
    }

    private func read(_ trap: OpaquePointer) -> Trap {
        var frames = wasm_frame_vec_t()
        api.functions.pointee.wasm_trap_trace(trap, &frames)
        let backtrace = self.backtrace(&frames)
        var code: wasmtime_trap_code_t = 0
        if api.functions.pointee.wasmtime_trap_code(trap, &code) {
            let (kind, text) = Self.describe(code)
            return Trap(code: kind, message: text, backtrace: backtrace)
        }
        var text = wasm_byte_vec_t()
        api.functions.pointee.wasm_trap_message(trap, &text)
        defer { api.functions.pointee.wasm_byte_vec_delete(&text) }
        var message = String(text)
        if message.utf8.last == 0 { message.removeLast() }
        return Trap(code: .other, message: Self.firstLine(message), backtrace: backtrace)
    }

    private static func firstLine(_ text: String) -> String {
        // The engine puts its own rendering of the stack into the text; ours comes from the frames.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        if let first = lines.first, first.hasPrefix("error while executing"), let last = lines.last,
            let colon = last.firstIndex(of: ":")
        {
            return String(last[last.index(after: colon)...].drop { $0 == " " })
        }
        return lines.first.map(String.init) ?? text
    }

    /// The stack that the engine gave, which is taken over.
    package func backtrace(_ frames: inout wasm_frame_vec_t) -> [Trap.Frame] {
        defer { api.functions.pointee.wasm_frame_vec_delete(&frames) }
        var result: [Trap.Frame] = []
        for index in 0..<frames.size {
            guard let frame = frames.data?[index] else { continue }
            result.append(
                Trap.Frame(
                    function: api.functions.pointee.wasmtime_frame_func_name(frame).map { String($0.pointee) },
                    module: api.functions.pointee.wasmtime_frame_module_name(frame).map { String($0.pointee) },
                    functionIndex: Int(api.functions.pointee.wasm_frame_func_index(frame)),
                    moduleOffset: Self.offset(api.functions.pointee.wasm_frame_module_offset(frame))))
        }
        return result
    }

    /// An offset that the engine knows; it says the largest number where it does not, as at the end of the stack.
    private static func offset(_ offset: Int) -> Int? { offset < 0 ? nil : offset }

    private static func describe(_ code: wasmtime_trap_code_t) -> (Trap.Code, String) {
        switch code {
        case 0: (.stackOverflow, "call stack exhausted")
        case 1: (.outOfBounds, "out of bounds memory access")
        case 2: (.outOfBounds, "unaligned atomic access")
        case 3: (.outOfBounds, "out of bounds table access")
        case 4: (.indirectCall, "uninitialized table element")
        case 5: (.indirectCall, "indirect call type mismatch")
        case 6: (.arithmetic, "integer overflow")
        case 7: (.arithmetic, "integer divide by zero")
        case 8: (.arithmetic, "invalid conversion to integer")
        case 9: (.unreachable, "wasm `unreachable` instruction executed")
        case 10: (.timeout, Trap.outOfTime().message)
        case 11: (.limit, "all fuel consumed")
        default: (.other, "trap of the engine with code \(code)")
        }
    }
}
