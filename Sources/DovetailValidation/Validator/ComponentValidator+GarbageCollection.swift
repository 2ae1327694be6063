// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

// The core signatures of functions whose compound values are garbage-collected references.
extension ComponentValidator {
    /// Checks that `core` can stand for `function` with the option `gc`.
    func matchGarbageCollected(
        _ function: FunctionNode, _ core: CoreFunctionType, _ options: CanonicalOptions
    ) throws(BinaryError) {
        guard !options.isAsync else { return }
        guard core.parameters.count == function.parameters.count else {
            throw .expected(
                "\(function.parameters.count) core parameters", found: "\(core.parameters.count)", at: offset)
        }
        for (parameter, type) in zip(function.parameters, core.parameters) {
            try match(parameter.type, .value(type), inField: false, options)
        }
        guard core.results.count == (function.result == nil ? 0 : 1) else {
            throw .expected(
                "\(function.result == nil ? 0 : 1) core results", found: "\(core.results.count)", at: offset)
        }
        if let result = function.result, let type = core.results.first {
            try match(result, .value(type), inField: false, options)
        }
    }

    private func match(
        _ type: ValueNode, _ core: CoreStorageType, inField: Bool, _ options: CanonicalOptions
    ) throws(BinaryError) {
        let shape = type.shape
        func fail(_ expected: String) -> BinaryError {
            .typeMismatch(
                "expected to lower component `\(TypeMatcher.word(shape))` type to core `\(expected)` type", at: offset)
        }
        func require(_ expected: CoreStorageType, _ name: String) throws(BinaryError) {
            guard core == expected else { throw fail(name) }
        }
        switch shape {
        case .primitive(let primitive):
            switch primitive {
            case .bool, .u8, .s8: try require(inField ? .i8 : .value(.i32), inField ? "i8" : "i32")
            case .u16, .s16: try require(inField ? .i16 : .value(.i32), inField ? "i16" : "i32")
            case .u32, .s32, .char: try require(.value(.i32), "i32")
            case .u64, .s64: try require(.value(.i64), "i64")
            case .f32: try require(.value(.f32), "f32")
            case .f64: try require(.value(.f64), "f64")
            case .string:
                let unit: CoreStorageType = options.stringEncoding == .utf16 ? .i16 : .i8
                guard case .array(let element)? = composite(core), element.storage == unit else {
                    throw fail("(ref null? (array (mut? \(unit))))")
                }
            case .errorContext: try external(core, fail)
            case .defined: return
            }
        case .flags(let labels):
            let narrow: CoreStorageType = labels.count <= 8 ? .i8 : labels.count <= 16 ? .i16 : .value(.i32)
            guard core == .value(.i32) || (inField && core == narrow) else { throw fail("i32") }
        case .enum: guard core == .value(.i32) || (inField && (core == .i8 || core == .i16)) else { throw fail("i32") }
        case .own, .borrow, .stream, .future: try external(core, fail)
        case .record(let fields): try match(fields.map(\.type), core, options, fail)
        case .tuple(let elements): try match(elements, core, options, fail)
        case .list(let element), .fixedLengthList(let element, _):
            guard case .array(let field)? = composite(core) else { throw fail("(ref null? (array ...))") }
            try match(element, field.storage, inField: true, options)
        case .map: guard case .array? = composite(core) else { throw fail("(ref null? (array ...))") }
        case .variant, .option, .result:
            // The struct is what the structs of the cases have in common: nothing.
            guard case .structure(let fields)? = composite(core), fields.isEmpty else {
                throw fail("(ref null? (struct))")
            }
        }
    }

    private func match(
        _ types: [ValueNode], _ core: CoreStorageType, _ options: CanonicalOptions, _ fail: (String) -> BinaryError
    ) throws(BinaryError) {
        guard case .structure(let fields)? = composite(core) else { throw fail("(ref null? (struct ...))") }
        guard fields.count == types.count else {
            throw .expected("a core struct of \(types.count) fields", found: "\(fields.count)", at: offset)
        }
        for (type, field) in zip(types, fields) { try match(type, field.storage, inField: true, options) }
    }

    private func external(_ core: CoreStorageType, _ fail: (String) -> BinaryError) throws(BinaryError) {
        guard case .value(.reference(let reference)) = core, case .abstract(.extern, _) = reference.heapType else {
            throw fail("(ref null? extern)")
        }
    }

    /// The structure that a reference refers to, if it is a defined one.
    private func composite(_ core: CoreStorageType) -> CoreCompositeType? {
        guard case .value(.reference(let reference)) = core else { return nil }
        switch reference.heapType {
        case .concrete(let id), .exact(let id): return store[id].composite
        case .abstract: return nil
        }
    }
}
