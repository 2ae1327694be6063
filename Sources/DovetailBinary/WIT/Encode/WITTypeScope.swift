// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// A component type or instance type that is being written: its declarations and what is known by index.
struct WITTypeScope {
    private(set) var declarations: [Located<TypeDeclaration>] = []
    private(set) var typeCount: UInt32 = 0
    /// The types that have an index here.
    var types: [TypeID: ValueTypeReference] = [:]
    /// Anonymous types by their structure: each is written once.
    var anonymous: [TypeKind: ValueTypeReference] = [:]
    /// Function types by their signature.
    var functions: [FunctionTypeDefinition: UInt32] = [:]

    private mutating func add(_ declaration: TypeDeclaration) {
        declarations.append(Located(declaration, at: 0))
    }

    /// Adds a type definition and gives its index.
    mutating func define(_ type: ComponentTypeDefinition) -> UInt32 {
        add(.type(type))
        typeCount += 1
        return typeCount - 1
    }

    /// Adds an alias of a type and gives its index.
    mutating func alias(_ target: AliasTarget) -> UInt32 {
        add(.alias(Alias(sort: .type, target: target)))
        typeCount += 1
        return typeCount - 1
    }

    /// Adds an export or import of a type and gives the index of the name.
    mutating func name(_ name: ExternName, _ bound: TypeBound, isImport: Bool) -> UInt32 {
        declare(name, .type(bound), isImport: isImport)
        typeCount += 1
        return typeCount - 1
    }

    /// Adds an export or import.
    mutating func declare(_ name: ExternName, _ type: ExternTypeReference, isImport: Bool) {
        if isImport {
            add(.import(ImportDeclaration(name: name, type: type)))
        } else {
            add(.export(ExportDeclaration(name: name, type: type)))
        }
    }
}
