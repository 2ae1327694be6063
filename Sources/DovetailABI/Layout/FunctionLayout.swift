// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Parameters and result of a function: how they flatten, and how they move. (CanonicalABI.md, "Flattening",
/// `lift_flat_values`, `lower_flat_values`)
///
/// `limit` is the number of core values that may be passed flat: 16 parameters and 1 result for a sync function;
/// 4 and 0 for an async lowered one; 16 for `task.return`.
package final class FunctionLayout: Sendable {
    /// The parameters' layouts, in order.
    package let parameters: [ValueLayout]
    /// The parameters' labels.
    package let names: [String]
    /// The result's layout, `nil` when there is none.
    package let result: ValueLayout?
    let narrow: Measures
    let wide: Measures
    let offsets32: [Int]
    let offsets64: [Int]
    /// The parameters, if all are scalars and passed flat.
    private let scalars: [ValueLayout.Scalar]?

    /// Makes the layout; `names` are the parameters' labels.
    package init(parameters: [ValueLayout], names: [String], result: ValueLayout?) {
        self.parameters = parameters
        self.names = names
        self.result = result
        var narrow = Measures()
        var wide = Measures()
        var offsets32: [Int] = []
        var offsets64: [Int] = []
        for parameter in parameters {
            offsets32.append(narrow.append(parameter.narrow))
            offsets64.append(wide.append(parameter.wide))
        }
        narrow.pad()
        wide.pad()
        self.narrow = narrow
        self.wide = wide
        self.offsets32 = offsets32
        self.offsets64 = offsets64
        let scalars = parameters.compactMap(\.scalar)
        self.scalars =
            scalars.count == parameters.count && scalars.count <= CanonicalLimits.maxFlatParameters ? scalars : nil
    }

    /// The flat parameters, 17 of them standing for too many.
    package func flatParameters(_ is64: Bool) -> [FlatType] { is64 ? wide.flat : narrow.flat }

    /// Whether the parameters go through memory.
    package func parametersAreIndirect(limit: Int = CanonicalLimits.maxFlatParameters) -> Bool {
        narrow.flat.count > limit
    }

    /// Whether the result goes through memory.
    package func resultIsIndirect(limit: Int = CanonicalLimits.maxFlatResults) -> Bool {
        (result?.flatCount ?? 0) > limit
    }

    /// Where a parameter lies when they go through memory.
    package func offset(_ index: Int, _ is64: Bool) -> Int { is64 ? offsets64[index] : offsets32[index] }
    /// What the parameters take up in memory.
    package func size(_ is64: Bool) -> Int { is64 ? wide.size : narrow.size }
    func alignment(_ is64: Bool) -> Int { is64 ? wide.alignment : narrow.alignment }
}

extension FunctionLayout {
    /// Writes the arguments of a call into a component.
    ///
    /// - Throws: ``ABIError`` with the path to the argument's part that does not fit.
    package func lowerParameters(
        _ arguments: [Value], _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        guard arguments.count == parameters.count else {
            throw .argumentCount(expected: parameters.count, found: arguments.count)
        }
        if let scalars {
            for index in scalars.indices where !DynamicABI.lower(arguments[index], as: scalars[index], into: &flat) {
                throw DynamicABI.typeMismatch(parameters[index], arguments[index]).within(.field(names[index]))
            }
            return
        }
        guard parametersAreIndirect() else {
            for index in parameters.indices {
                try DynamicABI.within(.field(names[index])) { () throws(ABIError) in
                    try DynamicABI.lower(arguments[index], as: parameters[index], &cx, into: &flat)
                }
            }
            return
        }
        let pointer = try cx.allocate(alignment: alignment(cx.is64), size: size(cx.is64))
        let base = Int(truncatingIfNeeded: pointer)
        for index in parameters.indices {
            try DynamicABI.within(.field(names[index])) { () throws(ABIError) in
                try DynamicABI.store(
                    arguments[index], as: parameters[index], &cx, at: base + offset(index, cx.is64))
            }
        }
        flat.write(pointer)
    }

    /// Reads the arguments that a component passes to an import.
    package func liftParameters(
        _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int = CanonicalLimits.maxFlatParameters
    ) throws(ABIError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(parameters.count)
        guard parametersAreIndirect(limit: limit) else {
            for index in parameters.indices {
                let value = try DynamicABI.within(.field(names[index])) { () throws(ABIError) in
                    try DynamicABI.lift(parameters[index], &cx, from: &flat)
                }
                values.append(value)
            }
            return values
        }
        let base = try cx.check(
            flat.nextPointer(cx.is64), size: size(cx.is64), alignment: alignment(cx.is64))
        for index in parameters.indices {
            let value = try DynamicABI.within(.field(names[index])) { () throws(ABIError) in
                try DynamicABI.load(parameters[index], &cx, at: base + offset(index, cx.is64))
            }
            values.append(value)
        }
        return values
    }

    /// Reads the result of a call into a component; `nil` when the function has none.
    package func liftResult(
        _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int = CanonicalLimits.maxFlatResults
    ) throws(ABIError) -> Value? {
        guard let result else { return nil }
        if let scalar = result.scalar, limit > 0 { return try DynamicABI.lift(scalar, &cx, from: &flat) }
        guard resultIsIndirect(limit: limit) else { return try DynamicABI.lift(result, &cx, from: &flat) }
        let base = try cx.check(
            flat.nextPointer(cx.is64), size: result.size(cx.is64), alignment: result.alignment(cx.is64))
        return try DynamicABI.load(result, &cx, at: base)
    }

    /// Writes the result of an import; `parameters` stands behind the last parameter, where the return pointer is.
    package func lowerResult(
        _ value: Value?, _ cx: inout CanonicalContext, returnPointer parameters: inout FlatReader,
        into flat: inout FlatWriter, limit: Int = CanonicalLimits.maxFlatResults
    ) throws(ABIError) {
        guard let result else {
            if let value { throw .expected("no result", found: value.kindName) }
            return
        }
        guard let value else { throw .expected(result.kindName, found: "no result") }
        guard resultIsIndirect(limit: limit) else {
            return try DynamicABI.lower(value, as: result, &cx, into: &flat)
        }
        let base = try cx.check(
            parameters.nextPointer(cx.is64), size: result.size(cx.is64), alignment: result.alignment(cx.is64))
        try DynamicABI.store(value, as: result, &cx, at: base)
    }
}
