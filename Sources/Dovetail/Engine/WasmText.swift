// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailBinaryReader
import DovetailValidation

/// The text format of WebAssembly (`.wat`), for core modules and components.
public enum WasmText {
    /// Whether `bytes` are text rather than a binary, judged by how they begin.
    package static func isText(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { BinaryKind($0) == .text } }

    /// Translates text into the binary format.
    ///
    /// What comes out is well-formed, but not validated.
    /// - Parameters:
    ///   - text: a module or component in UTF-8; a byte order mark in front is skipped.
    ///   - name: the name of the file, for errors.
    /// - Throws: ``EngineError`` with code ``EngineError/Code/text`` when it does not parse, with the line and a caret below the place; one of
    ///   another code when the engine cannot be loaded.
    public static func parse(_ text: [UInt8], name: String = "<text>") throws(EngineError) -> [UInt8] {
        let result = text.withUnsafeBytes { buffer in
            Result { () throws(EngineError) in try parse(buffer, name: name) }
        }
        return try result.get()
    }

    static func parse(_ text: UnsafeRawBufferPointer, name: String) throws(EngineError) -> [UInt8] {
        let api = try EngineLibrary.table()
        var text = text
        if text.starts(with: [0xef, 0xbb, 0xbf]) { text = UnsafeRawBufferPointer(rebasing: text.dropFirst(3)) }
        // The engine would say so, too, but not which file it is.
        guard let base = text.baseAddress, !text.isEmpty else { throw .text("`\(name)` is empty") }
        guard String(validating: text, as: UTF8.self) != nil else {
            throw .text("`\(name)` is not UTF-8, expected WebAssembly text")
        }
        var binary = wasm_byte_vec_t()
        let start = base.assumingMemoryBound(to: CChar.self)
        if let error = api.functions.pointee.wasmtime_wat2wasm(start, text.count, &binary) {
            throw .text(located(EngineLibrary.message(api, consuming: error), in: name))
        }
        defer { api.functions.pointee.wasm_byte_vec_delete(&binary) }
        return [UInt8](UnsafeRawBufferPointer(start: binary.data, count: binary.size))
    }

    /// The engine's message with the file's name in place of the one that the engine makes up.
    private static func located(_ message: String, in name: String) -> String {
        guard let place = message.firstRange(of: "--> <anon>:") else { return "\(name): \(message)" }
        return message[..<place.lowerBound] + "--> \(name):" + message[place.upperBound...]
    }
}
