// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation
import DovetailWITBinary

/// A component type or instance type that is being written: its declarations and what is known by index.
struct WITTypeScope {
    let log: WITEncodingLog
    private(set) var declarations: [Located<TypeDeclaration>] = []
    private(set) var typeCount: UInt32 = 0
    /// The types that have an index here.
    var types: [TypeID: ValueTypeReference] = [:]
    /// Anonymous types by their structure: each is written once.
    var anonymous: [TypeKind: ValueTypeReference] = [:]
    /// Function types by their signature.
    var functions: [FunctionTypeDefinition: UInt32] = [:]

    init(log: WITEncodingLog) {
        self.log = log
    }

    private mutating func add(_ declaration: TypeDeclaration) throws(BinaryError) {
        try log.countDefinition()
        guard declarations.count < Limits.typeDeclarations else {
            throw .limit(
                "types, functions and interfaces of one interface or world, with those it uses",
                maximum: Limits.typeDeclarations, at: log.place)
        }
        declarations.append(Located(declaration, at: log.place))
    }

    /// Adds a type definition and gives its index.
    mutating func define(_ type: ComponentTypeDefinition) throws(BinaryError) -> UInt32 {
        try add(.type(type))
        typeCount += 1
        return typeCount - 1
    }

    /// Adds an alias of a type and gives its index.
    mutating func alias(_ target: AliasTarget) throws(BinaryError) -> UInt32 {
        try add(.alias(Alias(sort: .type, target: target)))
        typeCount += 1
        return typeCount - 1
    }

    /// Adds an export or import of a type and gives the index of the name.
    mutating func name(_ name: ExternName, _ bound: TypeBound, isImport: Bool) throws(BinaryError) -> UInt32 {
        try declare(name, .type(bound), isImport: isImport)
        typeCount += 1
        return typeCount - 1
    }

    /// Adds an export or import.
    mutating func declare(_ name: ExternName, _ type: ExternTypeReference, isImport: Bool) throws(BinaryError) {
        for text in [name.name, name.implements, name.externalID] where text?.utf8.count ?? 0 > Limits.nameBytes {
            throw .limit("bytes of a name", maximum: Limits.nameBytes, at: log.place)
        }
        if isImport {
            try add(.import(ImportDeclaration(name: name, type: type)))
        } else {
            try add(.export(ExportDeclaration(name: name, type: type)))
        }
    }
}
