// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension PackageGraph {
    /// The streams and futures among the types of a function, inner ones before those around them, each once.
    package func transfers(of function: FunctionDefinition) -> [TypeID] {
        var found: [TypeID] = []
        var seen: Set<TypeID> = []
        func visit(_ type: ValueType) {
            guard case .defined(let id) = type, seen.insert(id).inserted else { return }
            for part in types[id].kind.parts { visit(part) }
            switch types[id].kind {
            case .stream, .future: found.append(id)
            default: break
            }
        }
        for parameter in function.parameters { visit(parameter.type) }
        if let result = function.result { visit(result) }
        return found
    }

    /// Whether it is a stream, and no future.
    package func isStream(_ id: TypeID) -> Bool {
        if case .stream = types[id].kind { true } else { false }
    }

    /// The type of the elements of a stream or future.
    package func element(of id: TypeID) -> ValueType? {
        switch types[id].kind {
        case .stream(let element), .future(let element): element
        default: nil
        }
    }
}
