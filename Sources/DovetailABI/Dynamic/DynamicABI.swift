// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Lifts and lowers ``Value``s by a layout known at run time.
///
/// Recursion is bounded: layouts nest at most ``CanonicalLimits/maxTypeDepth`` deep, and values follow them.
/// Errors carry the path into the value, put together while they unwind.
package enum DynamicABI {
    static func typeMismatch(_ layout: ValueLayout, _ value: Value) -> ABIError {
        .expected(layout.kindName, found: value.kindName)
    }

    @inline(__always)
    static func within<Result>(
        _ element: @autoclosure () -> ABIError.PathElement, _ body: () throws(ABIError) -> Result
    ) throws(ABIError) -> Result {
        do throws(ABIError) {
            return try body()
        } catch {
            throw error.within(element())
        }
    }

    /// The flags whose bits are set; bits without a label are ignored.
    static func flags(_ bits: UInt32, _ labels: [String]) -> Value {
        var names: [String] = []
        for (index, label) in labels.enumerated() where bits & (1 << UInt32(index)) != 0 { names.append(label) }
        return .flags(names)
    }

    /// The value of a case.
    static func value(_ kind: ValueLayout.Kind, _ index: Int, _ name: String, _ payload: Value?) -> Value {
        switch kind {
        case .enum: .enum(name)
        case .option: .option(payload)
        case .result: index == 0 ? .ok(payload) : .error(payload)
        default: .variant(name, payload)
        }
    }
}
