// SPDX-License-Identifier: Apache-2.0

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
    package let narrow: Measures
    package let wide: Measures
    let offsets32: [Int]
    let offsets64: [Int]
    /// The parameters, if all are scalars and passed flat.
    package let scalars: [ValueLayout.Scalar]?

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
            scalars.count == parameters.count && scalars.count <= CanonicalLayout.maxFlatParameters ? scalars : nil
    }

    /// The flat parameters, 17 of them standing for too many.
    package func flatParameters(_ is64: Bool) -> [FlatType] { is64 ? wide.flat : narrow.flat }

    /// Whether the parameters go through memory.
    package func parametersAreIndirect(limit: Int = CanonicalLayout.maxFlatParameters) -> Bool {
        narrow.flat.count > limit
    }

    /// Whether the result goes through memory.
    package func resultIsIndirect(limit: Int = CanonicalLayout.maxFlatResults) -> Bool {
        (result?.flatCount ?? 0) > limit
    }

    /// Where a parameter lies when they go through memory.
    package func offset(_ index: Int, _ is64: Bool) -> Int { is64 ? offsets64[index] : offsets32[index] }
    /// What the parameters take up in memory.
    package func size(_ is64: Bool) -> Int { is64 ? wide.size : narrow.size }
    /// The alignment of the parameters in memory.
    package func alignment(_ is64: Bool) -> Int { is64 ? wide.alignment : narrow.alignment }
}
