// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

/// Declarations of the named types of a namespace.
extension SwiftScope {
    /// All of them, in order; resources are written where it is known what calls their methods.
    package func typeDeclarations() throws(BindgenError) -> [SwiftDeclaration] {
        var result: [SwiftDeclaration] = []
        for id in namespace.types {
            if let declaration = try declaration(id) { result.append(declaration) }
        }
        return result
    }

    private func declaration(_ id: TypeID) throws(BindgenError) -> SwiftDeclaration? {
        let definition = graph.types[id]
        let documentation = Documentation.lines(definition.documentation, definition.stability)
        let name = name(id)
        func alias(_ target: SwiftType) -> SwiftDeclaration {
            SwiftDeclaration(.alias(name, target), documentation: documentation, modifiers: access)
        }
        if definition.kind == .resource { return nil }
        if let twin = model.twin(of: id, in: scope.index), let shared = output.names.types[twin][id] {
            return alias(output.qualified(shared, in: twin))
        }
        switch definition.kind {
        case .record(let fields): return try record(id, fields, documentation)
        case .variant(let cases): return try variant(id, cases, documentation)
        case .enum(let labels): return enumeration(id, labels, documentation)
        case .flags(let labels): return flags(id, labels, documentation)
        case .alias(.defined(let target)):
            guard model.facts.kind(of: .defined(target)) == .resource else {
                return alias(valueType(of: .defined(target)))
            }
            // Whatever the alias of a protocol is called, it must not be the protocol's own name here.
            let resource = output.resource(target, from: scope)
            return resource.text == name ? nil : alias(resource)
        case let kind: return alias(output.valueType(of: kind, from: scope))
        }
    }

    /// A struct or enum for the type `id`.
    package func declaration(
        _ keyword: SwiftTypeDeclaration.Keyword, _ id: TypeID, _ inherits: [SwiftType], _ members: [SwiftDeclaration],
        _ documentation: [String]
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            .type(SwiftTypeDeclaration(keyword: keyword, name: name(id), inherits: inherits, members: members)),
            documentation: documentation, modifiers: access)
    }
}
