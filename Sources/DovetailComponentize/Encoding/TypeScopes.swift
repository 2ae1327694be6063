// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// The component itself as a place for types, for what it imports or what it exports.
struct RootScope: NamingTypeSink {
    let assembler: ComponentAssembler
    let interface: InterfaceID?
    let isImport: Bool

    var graph: PackageGraph { assembler.graph }

    var maps: TypeMaps {
        get { isImport ? assembler.importMaps : assembler.exportMaps }
        nonmutating _modify {
            if isImport { yield &assembler.importMaps } else { yield &assembler.exportMaps }
        }
    }

    var common: TypeMaps {
        get { assembler.commonMaps }
        nonmutating _modify { yield &assembler.commonMaps }
    }

    mutating func define(_ type: ComponentTypeDefinition) throws(BinaryError) -> UInt32 {
        assembler.builder.type(type)
    }

    mutating func foreign(_ id: TypeID, of owner: InterfaceID) throws(BinaryError) -> UInt32? {
        if !isImport, let interface, assembler.plan.exportsUsed[interface]?.contains(owner) == true,
            let index = assembler.aliasExported(id, of: owner)
        {
            return index
        }
        guard let index = assembler.aliasImported(id, of: owner) else { throw assembler.unknown(id) }
        return index
    }

    mutating func name(_ definition: TypeDefinition, _ name: String, _ index: UInt32) throws(BinaryError) -> UInt32? {
        guard isImport, interface == nil else { return nil }
        return assembler.builder.import(
            ExternName(name: name, externalID: definition.externalID), .type(.equal(index)))
    }

    mutating func resource(_ definition: TypeDefinition, _ name: String) throws(BinaryError) -> UInt32 {
        assembler.builder.import(ExternName(name: name, externalID: definition.externalID), .type(.subResource))
    }
}

/// The type of an imported instance.
struct InstanceScope: NamingTypeSink {
    let assembler: ComponentAssembler
    let interface: InterfaceID?
    var maps = TypeMaps()
    var common = TypeMaps()
    private(set) var declarations: [Located<TypeDeclaration>] = []
    private var typeCount: UInt32 = 0

    init(assembler: ComponentAssembler, interface: InterfaceID) {
        self.assembler = assembler
        self.interface = interface
    }

    var graph: PackageGraph { assembler.graph }

    private mutating func add(_ declaration: TypeDeclaration) -> UInt32 {
        declarations.append(Located(declaration, at: 0))
        typeCount += 1
        return typeCount - 1
    }

    mutating func define(_ type: ComponentTypeDefinition) throws(BinaryError) -> UInt32 { add(.type(type)) }

    mutating func foreign(_ id: TypeID, of owner: InterfaceID) throws(BinaryError) -> UInt32? {
        guard let index = assembler.aliasImported(id, of: owner) else { throw assembler.unknown(id) }
        return add(.alias(Alias(sort: .type, target: .outer(count: 1, index: index))))
    }

    mutating func name(_ definition: TypeDefinition, _ name: String, _ index: UInt32) throws(BinaryError) -> UInt32? {
        add(
            .export(
                ExportDeclaration(
                    name: ExternName(name: name, externalID: definition.externalID), type: .type(.equal(index)))))
    }

    mutating func resource(_ definition: TypeDefinition, _ name: String) throws(BinaryError) -> UInt32 {
        add(
            .export(
                ExportDeclaration(
                    name: ExternName(name: name, externalID: definition.externalID), type: .type(.subResource))))
    }

    /// Declares a function.
    mutating func function(_ function: FunctionDefinition) throws(BinaryError) {
        let type = try functionType(function)
        declarations.append(
            Located(
                .export(
                    ExportDeclaration(
                        name: ExternName(name: function.name, externalID: function.externalID), type: .function(type))),
                at: 0))
    }
}

/// A component inside that gives functions the types of an exported interface: it imports types and functions, and exports
/// them again under their names.
struct ExportScope: NamingTypeSink {
    let graph: PackageGraph
    let interface: InterfaceID?
    var maps = TypeMaps()
    var common = TypeMaps()
    var builder = ComponentBuilder()
    /// Whether named types are exported; before that they are imported.
    var exportsTypes = false
    /// The imported types, in order, by their names.
    private(set) var importedTypes: [(name: String, type: UInt32)] = []
    private var importNames: Set<String> = []
    /// Where to go on with numbers that make names differ.
    private var numbers: [String: Int] = [:]

    init(graph: PackageGraph, interface: InterfaceID) {
        self.graph = graph
        self.interface = interface
    }

    mutating func define(_ type: ComponentTypeDefinition) throws(BinaryError) -> UInt32 { builder.type(type) }

    mutating func foreign(_ id: TypeID, of owner: InterfaceID) throws(BinaryError) -> UInt32? { nil }

    private mutating func importType(_ name: String, _ bound: TypeBound) -> UInt32 {
        let base = "import-type-\(name)"
        var unique = base
        while !importNames.insert(unique).inserted {
            unique = "\(base)\(numbers[base, default: 0])"
            numbers[base, default: 0] += 1
        }
        let index = builder.import(ExternName(name: unique), .type(bound))
        importedTypes.append((unique, index))
        return index
    }

    mutating func name(_ definition: TypeDefinition, _ name: String, _ index: UInt32) throws(BinaryError) -> UInt32? {
        guard exportsTypes else { return importType(name, .equal(index)) }
        return builder.export(
            ExternName(name: name, externalID: definition.externalID), SortIndex(sort: .type, index: index))
    }

    mutating func resource(_ definition: TypeDefinition, _ name: String) throws(BinaryError) -> UInt32 {
        importType(name, .subResource)
    }
}
