// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension FunctionLayout {
    /// Passes the arguments that one component gives to an import on to the component that implements it.
    ///
    /// `self` is the caller's view of the function, `callee` the implementer's; `flat` is left behind the last
    /// parameter, where the caller's return pointer is.
    package func transferParameters(
        _ source: inout CanonicalContext, from flat: inout FlatReader, limit: Int = CanonicalLimits.maxFlatParameters,
        to callee: FunctionLayout, _ destination: inout CanonicalContext, into writer: inout FlatWriter
    ) throws(ABIError) {
        guard parameters.count == callee.parameters.count else {
            throw .argumentCount(expected: callee.parameters.count, found: parameters.count)
        }
        let fromMemory = parametersAreIndirect(limit: limit)
        let toMemory = callee.parametersAreIndirect()
        var input = Transfer.Input(flat)
        var from = 0
        if fromMemory {
            from = try source.check(
                flat.nextPointer(source.is64), size: size(source.is64), alignment: alignment(source.is64))
            input = Transfer.Input(offset: from)
        }
        var output = Transfer.Output(writer)
        var to = 0
        if toMemory {
            let pointer = try destination.allocate(
                alignment: callee.alignment(destination.is64), size: callee.size(destination.is64))
            Transfer.resynchronize(&source, destination)
            writer.write(pointer)
            to = Int(truncatingIfNeeded: pointer)
            output = Transfer.Output(offset: to)
        }
        for index in parameters.indices {
            input.offset = from + offset(index, source.is64)
            output.offset = to + callee.offset(index, destination.is64)
            do throws(ABIError) {
                try Transfer.move(
                    parameters[index], &source, &input, to: callee.parameters[index], &destination, &output)
            } catch {
                throw error.within(.field(names[index]))
            }
        }
        if let reader = input.flat { flat = reader }
        if let written = output.flat { writer = written }
    }

    /// Passes the result of the implementer on to the caller.
    ///
    /// `self` is the implementer's view; `source` reads what it returned, `returnPointer` stands where the caller put
    /// the pointer for a result that goes through memory.
    package func transferResult(
        _ source: inout CanonicalContext, from flat: inout FlatReader, limit: Int = CanonicalLimits.maxFlatResults,
        to caller: FunctionLayout, _ destination: inout CanonicalContext, returnPointer: inout FlatReader,
        into writer: inout FlatWriter, callerLimit: Int = CanonicalLimits.maxFlatResults
    ) throws(ABIError) {
        guard let result, let target = caller.result else {
            if (result == nil) == (caller.result == nil) { return }
            throw .expected(caller.result?.kindName ?? "no result", found: result?.kindName ?? "no result")
        }
        var input = Transfer.Input(flat)
        if resultIsIndirect(limit: limit) {
            input = Transfer.Input(
                offset: try source.check(
                    flat.nextPointer(source.is64), size: result.size(source.is64),
                    alignment: result.alignment(source.is64)))
        }
        var output = Transfer.Output(writer)
        if caller.resultIsIndirect(limit: callerLimit) {
            output = Transfer.Output(
                offset: try destination.check(
                    returnPointer.nextPointer(destination.is64), size: target.size(destination.is64),
                    alignment: target.alignment(destination.is64)))
        }
        try Transfer.move(result, &source, &input, to: target, &destination, &output)
        if let reader = input.flat { flat = reader }
        if let written = output.flat { writer = written }
    }
}
