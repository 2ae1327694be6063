// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailWITReader

// Whether two items of one graph say the same.
extension PackageGraph {
    func isSame(_ one: WorldItem, _ other: WorldItem) -> Bool {
        switch (one.kind, other.kind) {
        case (.function(let left), .function(let right)): return isSame(left, right)
        case (.type(let left), .type(let right)): return isSame(.defined(left), .defined(right), isDeclaration: true)
        case (.interface(let left), .interface(let right)):
            if left == right { return true }
            guard self[left].name == nil, self[right].name == nil else { return false }
            return self[left].types.keys == self[right].types.keys
                && self[left].functions.keys == self[right].functions.keys
                && zip(self[left].types.values, self[right].types.values).allSatisfy {
                    isSame(.defined($0), .defined($1), isDeclaration: true)
                }
                && zip(self[left].functions.values, self[right].functions.values).allSatisfy { isSame($0, $1) }
        default: return false
        }
    }

    private func isSame(_ one: FunctionDefinition, _ other: FunctionDefinition) -> Bool {
        one.isAsync == other.isAsync && one.parameters.map(\.name) == other.parameters.map(\.name)
            && zip(one.parameters, other.parameters).allSatisfy { isSame($0.type, $1.type) }
            && isSame(one.result, other.result)
    }

    private func isSame(_ one: ValueType?, _ other: ValueType?) -> Bool {
        switch (one, other) {
        case (nil, nil): true
        case (let left?, let right?): isSame(left, right, isDeclaration: false)
        default: false
        }
    }

    /// Whether a type is an interface's of its own name, of which there is only one.
    private func isShared(_ type: TypeDefinition) -> Bool {
        if case .interface(let id) = type.owner { self[id].name != nil } else { false }
    }

    /// Whether two types have the same structure and the same names in it. A named type is compared only where it is
    /// declared.
    private func isSame(_ one: ValueType, _ other: ValueType, isDeclaration: Bool) -> Bool {
        guard case .defined(let left) = one, case .defined(let right) = other else { return one == other }
        if left == right { return true }
        let (first, second) = (types[left], types[right])
        guard first.name == second.name else { return false }
        if !isDeclaration, first.name != nil { return !isShared(first) && !isShared(second) }
        return first.kind.paired(with: second.kind)?.allSatisfy { isSame($0, $1) } ?? false
    }
}
