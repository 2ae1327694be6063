// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
package import DovetailWITReader

/// What writes the declarations of one namespace of a world.
package protocol SwiftScope {
    var output: any SwiftOutput { get }
    var scope: Scope { get }

    /// The struct of a record.
    func record(
        _ id: TypeID, _ fields: [Field], _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration
    /// The enum of a variant.
    func variant(_ id: TypeID, _ cases: [Case], _ documentation: [String]) throws(BindgenError) -> SwiftDeclaration
    /// The enum of an enum.
    func enumeration(_ id: TypeID, _ labels: [Label], _ documentation: [String]) -> SwiftDeclaration
    /// The option set of flags.
    func flags(_ id: TypeID, _ labels: [Label], _ documentation: [String]) -> SwiftDeclaration
}

extension SwiftScope {
    package var model: WorldModel { output.model }
    package var graph: PackageGraph { output.model.graph }
    package var namespace: Namespace { output.model.namespaces[scope.index] }
    package var access: [String] { output.access }

    package func library(_ name: String, _ arguments: [SwiftType] = []) -> SwiftType { output.library(name, arguments) }
    package func valueType(of type: ValueType?) -> SwiftType { output.valueType(of: type, from: scope) }
    package func codec(of type: ValueType?) -> SwiftType { output.codec(of: type, from: scope) }

    /// The Swift name of a type that this namespace declares.
    package func name(_ id: TypeID) -> String { output.names.types[scope.index][id] ?? "" }
    /// A type that this namespace declares.
    package func type(_ id: TypeID) -> SwiftType { output.named(id, from: scope) ?? .named(name(id)) }

    // MARK: Names

    /// The name of a case or flag.
    package static func caseName(_ label: String) -> String {
        let name = SwiftNames.member(label)
        return reservedCases.contains(name) ? name + "_" : name
    }

    private static var reservedCases: Set<String> {
        [
            "self", "init", "allCases", "caseLabels", "flagLabels", "flagCount", "caseCount", "rawValue", "hashValue",
        ]
    }

    /// The names of labels, as they are written.
    package func caseNames(_ labels: [String]) -> [String] {
        var names = NameScope()
        return labels.map { SwiftNames.escaped(names.claim(Self.caseName($0))) }
    }

    /// The names of fields, not escaped.
    package func fieldNames(_ fields: [Field]) -> [String] {
        var names = NameScope(reserved: ["init"])
        return fields.map { names.claim(Self.fieldName($0.name)) }
    }

    /// The name of a field; what cannot be a property's name gets an underscore.
    private static func fieldName(_ label: String) -> String {
        let name = SwiftNames.member(label)
        return ["self", "init", "inout", "hashValue"].contains(name) ? name + "_" : name
    }

    // MARK: Small declarations

    /// The doc comment of a function, with what it throws.
    package func documentation(_ signature: Signature) -> [String] {
        let lines = Documentation.lines(signature.definition.documentation, signature.definition.stability)
        guard signature.isFallible else { return lines }
        let error = output.errorType(of: signature.failure, from: scope).text
        return Documentation.adding("- Throws: `\(error)`", to: lines)
    }

    /// A property that is computed by one expression.
    package func computed(
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
    package func stored(
        _ name: String, _ type: SwiftType, storage: SwiftVariable.Storage = .let, documentation: [String] = [],
        modifiers: [String]? = nil
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            .variable(SwiftVariable(name: name, type: type, storage: storage)), documentation: documentation,
            modifiers: modifiers ?? access)
    }

    /// An initializer.
    package func initializer(
        _ parameters: [SwiftParameter], _ body: [SwiftStatement], effects: SwiftEffects = SwiftEffects(),
        documentation: [String], attributes: [String] = [], modifiers: [String] = []
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            .function(SwiftFunction(name: "init", parameters: parameters, effects: effects, body: body)),
            documentation: documentation, attributes: attributes, modifiers: access + modifiers)
    }

    /// The properties of a record's struct, and the initializer that takes them all.
    package func recordMembers(_ fields: [Field], attributes: [String] = []) -> [SwiftDeclaration] {
        let properties = fieldNames(fields)
        let types = fields.map { valueType(of: $0.type) }
        let members = fields.indices.map { position in
            stored(
                SwiftNames.escaped(properties[position]), types[position], storage: .var,
                documentation: Documentation.lines(fields[position].documentation))
        }
        return members + [
            initializer(
                zip(properties, types).map { SwiftParameter($0, $1) },
                properties.map { .assign(SwiftExpression.this.member($0), .name(SwiftNames.escaped($0))) },
                documentation: ["Makes a value of all its fields."], attributes: attributes)
        ]
    }
}
