// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
package import DovetailWITReader

/// How a call of a function looks to a component's core module, whose pointers have 32 bits. (CanonicalABI.md, "Flattening")
package struct CallSteps {
    /// A parameter: its core values, and where it lies when the parameters go through memory.
    package struct Parameter {
        package let core: [FlatType]
        package var offset: Int
    }

    /// All parameters, a method's object included.
    package var parameters: [Parameter]
    /// Whether there is one pointer instead of the parameters' core values.
    package let parametersAreIndirect: Bool
    /// What the parameters take up in memory.
    package let parametersSize: Int
    /// The core values of the result.
    package let result: [FlatType]
    /// Whether the result is read from memory.
    package var resultIsIndirect: Bool
    /// What the result takes up in memory.
    package let resultSize: Int
    /// Whether the result has parts behind pointers.
    package let resultUsesMemory: Bool
}

extension WorldModel {
    /// How a component calls an import or is called.
    ///
    /// - Parameter isAsync: whether an import is lowered asynchronously: fewer core parameters, and results through memory.
    /// - Throws: ``BindgenError`` when no memory could hold a parameter or the result.
    package func callSteps(_ function: FunctionDefinition, isAsync: Bool = false) throws(BindgenError) -> CallSteps {
        try steps(
            of: function.name, function.parameters, result: function.result,
            limits: (
                CanonicalLayout.flatParameters(isAsync: isAsync), CanonicalLayout.flatResults(isAsync: isAsync)
            ))
    }

    /// How `task.return` is called, whose parameter is the result of a function.
    ///
    /// - Throws: ``BindgenError`` when no memory could hold the result.
    package func returnSteps(_ function: FunctionDefinition) throws(BindgenError) -> CallSteps {
        let parameters = function.result.map { [FunctionDefinition.Parameter(name: "result", type: $0)] } ?? []
        return try steps(
            of: function.name, parameters, result: nil,
            limits: (CanonicalLayout.maxFlatParameters, CanonicalLayout.maxFlatResults))
    }

    private func steps(
        of name: String, _ parameters: [FunctionDefinition.Parameter], result: ValueType?,
        limits: (parameters: Int, results: Int)
    ) throws(BindgenError) -> CallSteps {
        do throws(LayoutError) {
            var layouts: [ValueLayout] = []
            for parameter in parameters { layouts.append(try self.layouts.layout(of: parameter.type)) }
            var resultLayout: ValueLayout?
            if let result { resultLayout = try self.layouts.layout(of: result) }
            let layout = FunctionLayout(parameters: layouts, names: parameters.map(\.name), result: resultLayout)
            return CallSteps(
                parameters: layouts.enumerated().map { index, value in
                    CallSteps.Parameter(core: value.flat(false), offset: layout.offset(index, false))
                },
                parametersAreIndirect: layout.parametersAreIndirect(limit: limits.parameters),
                parametersSize: layout.size(false), result: resultLayout?.flat(false) ?? [],
                resultIsIndirect: layout.resultIsIndirect(limit: limits.results),
                resultSize: resultLayout?.size(false) ?? 0,
                resultUsesMemory: result.map(facts.usesMemory) ?? false)
        } catch {
            throw .notRepresentable(name, error.message)
        }
    }

    /// Where the parts of a tuple lie.
    ///
    /// - Throws: ``BindgenError`` when no memory could hold it.
    package func tupleSteps(_ parts: [ValueType]) throws(BindgenError) -> (
        size: Int, alignment: Int, flat: Int, places: [Int]
    ) {
        do throws(LayoutError) {
            var layouts: [ValueLayout] = []
            for part in parts { layouts.append(try self.layouts.layout(of: part)) }
            let layout = FunctionLayout(parameters: layouts, names: parts.map { _ in "" }, result: nil)
            return (
                layout.size(false), layouts.map { $0.alignment(false) }.max() ?? 1, layout.flatParameters(false).count,
                parts.indices.map { layout.offset($0, false) }
            )
        } catch {
            throw .notRepresentable("tuple", error.message)
        }
    }
}
