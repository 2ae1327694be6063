// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailBinaryReader

/// The type of a core function as far as the canonical ABI can meet it.
package struct CoreSignature: Sendable, CustomStringConvertible {
    package enum Kind: UInt8, Hashable, Sendable, CustomStringConvertible {
        case i32, i64, f32, f64, v128, reference

        package var description: String {
            switch self {
            case .i32: "i32"
            case .i64: "i64"
            case .f32: "f32"
            case .f64: "f64"
            case .v128: "v128"
            case .reference: "ref"
            }
        }
    }

    package var parameters: [Kind]
    package var results: [Kind]

    package init(_ parameters: [Kind], _ results: [Kind]) {
        self.parameters = parameters
        self.results = results
    }

    package var description: String {
        "[\(parameters.map(\.description).joined(separator: " "))] -> "
            + "[\(results.map(\.description).joined(separator: " "))]"
    }
}

extension CoreSignature {
    init(_ type: CoreFunctionType) {
        self.init(type.parameters.map(Kind.init), type.results.map(Kind.init))
    }
}

extension CoreSignature.Kind {
    init(_ type: CoreValueType) {
        switch type {
        case .i32: self = .i32
        case .i64: self = .i64
        case .f32: self = .f32
        case .f64: self = .f64
        case .v128: self = .v128
        case .reference: self = .reference
        }
    }
}

/// A function type of the engine's, deleted with its last reference.
package final class EngineFunctionType: @unchecked Sendable {
    // @unchecked because it is only read after it was made.
    private let api: EngineLibrary.Table
    package let raw: OpaquePointer

    package init?(_ api: EngineLibrary.Table, _ signature: CoreSignature) {
        self.api = api
        func kinds(_ list: [CoreSignature.Kind]) -> [UInt8] { list.map(\.rawValue) }
        let parameters = kinds(signature.parameters)
        let results = kinds(signature.results)
        guard
            let raw = dovetail_wasmtime_functype_new(
                api.functions, parameters, parameters.count, results, results.count)
        else { return nil }
        self.raw = raw
    }

    deinit { api.functions.pointee.wasm_functype_delete(raw) }
}
