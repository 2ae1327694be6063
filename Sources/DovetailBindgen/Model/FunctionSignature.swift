// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// A function as Swift code declares and calls it.
struct FunctionSignature {
    /// A parameter other than a method's `self`.
    struct Parameter {
        /// The argument label, `nil` where arguments are given without one.
        var label: String?
        /// The name inside the function.
        var name: String
        var surface: Surface

        /// As it stands in a declaration.
        var declaration: String {
            // Here, and only here, these would be taken for something else.
            let written = ["let", "var"].contains(name) ? "`\(name)`" : name
            return (label == nil ? "_ " : "") + "\(written): \(surface.type)"
        }

        /// As it stands in a call that passes `value`.
        func argument(_ value: String) -> String {
            guard let label else { return value }
            return "\(label): \(value)"
        }
    }

    let definition: FunctionDefinition
    /// The Swift name, not escaped.
    let name: String
    let parameters: [Parameter]
    /// The ABI types: of all parameters as one value, and of the result.
    let parametersType: String
    let resultType: String
    /// What the function gives when it does not throw; `nil` for nothing.
    let output: Surface?
    /// Whether the result is a `result`, so that its error is thrown.
    let isFallible: Bool
    let isAsync: Bool
    let isMethod: Bool
    /// Whether it is written as a property.
    let isProperty: Bool
    let parameterCount: Int

    init(_ function: FunctionDefinition, name: String, _ model: WorldModel, _ direction: Direction, from index: Int) {
        definition = function
        self.name = name
        if case .method = function.owner { isMethod = true } else { isMethod = false }
        parameterCount = function.parameters.count
        isAsync = model.isAsync(function, index)
        var scope = NameScope(reserved: ["returned"])
        parameters = function.parameters.dropFirst(isMethod ? 1 : 0).map { parameter in
            let wanted = SwiftNames.member(parameter.name)
            let name = scope.claim(wanted == "self" || wanted == "inout" ? wanted + "_" : wanted)
            return Parameter(
                // A single letter tells nothing: `add(1, 2)`.
                label: parameter.name.count == 1 ? nil : name, name: name,
                surface: model.surface(parameter.type, direction, from: index, isParameter: true))
        }
        let types = function.parameters.map { model.type($0.type, direction, from: index) }
        switch types.count {
        case 0: parametersType = model.library("Empty")
        case 1: parametersType = types[0]
        default: parametersType = model.tuple(types)
        }
        resultType = model.type(function.result, direction, from: index)
        var ok = function.result
        var fallible = false
        if let result = function.result, case .result(let success, _)? = model.anonymousOrAliasedKind(result) {
            fallible = true
            ok = success
        }
        isFallible = fallible
        output = ok.map { model.surface($0, direction, from: index, isParameter: false) }
        isProperty = function.role == .getter && parameters.isEmpty && output != nil
    }

    /// `throws -> T` with its `async`.
    var effects: String {
        (isAsync ? " async" : "") + " throws" + (output.map { " -> \($0.type)" } ?? "")
    }

    /// What goes before `func`, in this isolation and access.
    func prefix(_ access: String) -> String {
        access + (isAsync ? "nonisolated(nonsending) " : "")
    }
}

extension WorldModel {
    /// The kind of a type through aliases.
    func anonymousOrAliasedKind(_ type: ValueType) -> TypeKind? { graph.types.resolvedKind(of: type) }

    /// Whether a function is generated as `async`.
    func isAsync(_ function: FunctionDefinition, _ index: Int) -> Bool {
        switch options.async {
        case .declared: return function.isAsync
        case .all: return true
        case .named(let names):
            if function.isAsync || names.contains(function.name) { return true }
            guard let extern = namespaces[index].externName else { return false }
            let plain = extern.split(separator: "@").first ?? Substring(extern)
            return names.contains("\(extern)#\(function.name)") || names.contains("\(plain)#\(function.name)")
        }
    }

    /// The signatures of functions, named so that they do not clash within `reserved` and each other.
    func signatures(
        _ functions: [FunctionDefinition], _ direction: Direction, from index: Int, reserved: Set<String>
    ) -> [FunctionSignature] {
        var scope = NameScope(reserved: reserved)
        return functions.map { function in
            FunctionSignature(
                function, name: scope.claim(swiftName(function, direction, from: index)), self, direction, from: index)
        }
    }

    private func swiftName(_ function: FunctionDefinition, _ direction: Direction, from index: Int) -> String {
        let item = function.itemName
        let base = function.role == .setter ? "set-\(item)" : item
        switch function.owner {
        case .none, .method: return SwiftNames.member(base)
        case .static(let resource):
            return SwiftNames.member((graph.types[resource].name ?? "") + "-" + base)
        case .constructor(let resource):
            let name = self.resource(resource, direction, from: index).split(separator: ".").last.map(String.init)
            return "make" + (name ?? SwiftNames.type(item))
        }
    }
}
