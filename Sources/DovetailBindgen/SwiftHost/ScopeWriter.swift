// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Writes what belongs to one namespace of a world.
struct ScopeWriter {
    let host: SwiftHost
    let scope: Scope

    var model: WorldModel { host.model }
    var graph: PackageGraph { host.model.graph }
    var namespace: Namespace { host.model.namespaces[scope.index] }
    var access: [String] { host.access }

    func library(_ name: String, _ arguments: [SwiftType] = []) -> SwiftType { host.library(name, arguments) }
    func valueType(of type: ValueType?) -> SwiftType { host.valueType(of: type, from: scope) }
    func codec(of type: ValueType?) -> SwiftType { host.codec(of: type, from: scope) }

    /// The Swift name of a type that this namespace declares.
    func name(_ id: TypeID) -> String { host.names.types[scope.index][id] ?? "" }
    /// A type that this namespace declares.
    func type(_ id: TypeID) -> SwiftType { host.named(id, from: scope) ?? .named(name(id)) }

    // MARK: Small declarations

    /// A property that is computed by one expression.
    func computed(
        _ name: String, _ type: SwiftType, _ value: SwiftExpression, isStatic: Bool = true, attributes: [String] = [],
        access: [String]? = nil
    ) -> SwiftDeclaration {
        let variable = SwiftVariable(
            name: name, type: type, storage: .computed(SwiftEffects(), [.expression(value)]))
        return SwiftDeclaration(
            .variable(variable), attributes: attributes,
            modifiers: (access ?? self.access) + (isStatic ? ["static"] : []))
    }

    /// A stored property.
    func stored(
        _ name: String, _ type: SwiftType, storage: SwiftVariable.Storage = .let, documentation: [String] = [],
        modifiers: [String]? = nil
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            .variable(SwiftVariable(name: name, type: type, storage: storage)), documentation: documentation,
            modifiers: modifiers ?? access)
    }

    /// An initializer.
    func initializer(
        _ parameters: [SwiftParameter], _ body: [SwiftStatement], effects: SwiftEffects = SwiftEffects(),
        documentation: [String], attributes: [String] = [], modifiers: [String] = []
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            .function(SwiftFunction(name: "init", parameters: parameters, effects: effects, body: body)),
            documentation: documentation, attributes: attributes, modifiers: access + modifiers)
    }

    /// A number that the library's protocols ask for.
    func count(_ name: String, _ value: Int) -> SwiftDeclaration {
        computed(name, library("Int"), .integer(value), attributes: host.inlinable)
    }

    /// A list of labels; one that is only this type's own business is not shown to users.
    func labels(_ name: String, _ labels: [String], isHidden: Bool = false) -> SwiftDeclaration {
        let type = SwiftType.array(library("String"))
        let list = SwiftExpression.array(labels.map { .string($0) })
        guard isHidden else { return computed(name, type, list) }
        return computed(name, type, list, attributes: hiddenAttributes, access: hiddenAccess)
    }

    /// How something is declared that only generated code uses, perhaps from functions that others inline.
    var hiddenAttributes: [String] { host.isPublic ? ["@usableFromInline"] : [] }
    var hiddenAccess: [String] { host.isPublic ? [] : ["private"] }
}
