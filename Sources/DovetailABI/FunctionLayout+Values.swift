// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

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

extension ABIError {
    /// A type without a layout, as an error about a value of it.
    package init(_ error: LayoutError) { self.init(code: .unsupported, message: error.message) }
}
