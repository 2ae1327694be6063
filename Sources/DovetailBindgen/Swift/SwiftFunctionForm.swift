// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// A function as Swift code declares and calls it.
package struct SwiftFunctionForm {
    /// A parameter other than a method's `self`.
    package struct Parameter {
        /// The argument label: the name in WIT.
        package let label: String
        /// The name inside the function.
        package var name: String
        package var type: SwiftType
        /// Whether the argument is given away.
        package let isConsuming: Bool

        package var declaration: SwiftParameter {
            SwiftParameter(label == name ? .name : .word(label), name, isConsuming ? ["consuming"] : [], type)
        }
    }

    package let signature: Signature
    /// The Swift name, not escaped.
    package let name: String
    package let parameters: [Parameter]
    /// The codec of the result.
    package let resultCodec: SwiftType
    /// What the function gives when it does not throw; `nil` for nothing.
    package let output: SwiftType?

    /// How many parameters there are on the wire.
    package var count: Int { signature.definition.parameters.count }

    /// The name as it is declared and called.
    package var escapedName: String { SwiftNames.escaped(name) }

    package let effects: SwiftEffects

    /// What goes before `func` besides the access.
    package let isolation: [String]

    /// The declaration, with a body or as a requirement.
    package func declaration(
        _ body: [SwiftStatement]?, documentation: [String], attributes: [String] = [], modifiers: [String] = []
    ) -> SwiftDeclaration {
        if signature.isProperty, let output {
            let variable = SwiftVariable(name: escapedName, type: output, storage: .computed(effects, body))
            return SwiftDeclaration(
                .variable(variable), documentation: documentation, modifiers: modifiers + isolation)
        }
        let function = SwiftFunction(
            name: escapedName, parameters: parameters.map(\.declaration), effects: effects, result: output,
            body: body)
        return SwiftDeclaration(
            .function(function), documentation: documentation, attributes: attributes, modifiers: modifiers + isolation)
    }
}

extension SwiftOutput {
    /// Functions with names that clash neither with each other nor with `reserved`.
    ///
    /// - Parameter isMember: whether constructors and static functions are members of their resource's type.
    package func forms(
        _ signatures: [Signature], from scope: Scope, reserved: Set<String> = [], isMember: Bool = false
    ) -> [SwiftFunctionForm] {
        var names = NameScope(reserved: reserved)
        return signatures.map { form($0, name: names.claim(name(of: $0, from: scope, isMember)), scope) }
    }

    private func form(_ signature: Signature, name: String, _ scope: Scope) -> SwiftFunctionForm {
        var names = NameScope(reserved: reservedLocals(of: signature))
        let parameters = signature.parameters.map { parameter in
            let label = SwiftNames.member(parameter.name)
            let written = ["self", "inout"].contains(label) ? label + "_" : label
            return SwiftFunctionForm.Parameter(
                label: written, name: names.claim(written), type: valueType(of: parameter.type, from: scope),
                isConsuming: model.isOwned(parameter.type))
        }
        return SwiftFunctionForm(
            signature: signature, name: name, parameters: parameters,
            resultCodec: codec(of: signature.definition.result, from: scope),
            output: signature.output.map { valueType(of: $0, from: scope) },
            effects: effects(of: signature, from: scope), isolation: isolation(of: signature))
    }

    private func name(of signature: Signature, from scope: Scope, _ isMember: Bool) -> String {
        let function = signature.definition
        let item = function.itemName
        let base = function.role == .setter ? "set-\(item)" : item
        switch function.owner {
        case .none, .method: return SwiftNames.member(base)
        case .static where isMember: return SwiftNames.member(base)
        case .constructor where isMember: return "init"
        case .static(let resource):
            return SwiftNames.member((model.graph.types[resource].name ?? "") + "-" + base)
        case .constructor(let resource):
            let type = self.resource(resource, from: scope).text
            return "make" + (type.split(separator: ".").last ?? Substring(SwiftNames.type(item)))
        }
    }
}
