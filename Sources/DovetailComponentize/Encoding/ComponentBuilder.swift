// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// A component that definitions are added to, with the index that each gets.
struct ComponentBuilder {
    private(set) var binary = ComponentBinary(definitions: [], customSections: [], range: 0..<0)
    /// The bytes of core modules and custom sections.
    private(set) var payload: [UInt8] = []
    private var counts: [Sort: UInt32] = [:]
    private var coreAliases: [CoreAlias: UInt32] = [:]

    private struct CoreAlias: Hashable {
        var instance: UInt32
        var sort: CoreSort
        var name: ExactName
    }

    /// The bytes of the component.
    func encoded() -> [UInt8] { ComponentEncoder.encode(binary, source: payload) }

    private mutating func next(_ sort: Sort) -> UInt32 {
        let index = counts[sort, default: 0]
        counts[sort] = index + 1
        return index
    }

    private mutating func add(_ definition: Definition) {
        binary.definitions.append(Located(definition, at: binary.definitions.count))
    }

    mutating func customSection(_ name: String, _ bytes: [UInt8]) {
        let start = payload.count
        payload += bytes
        binary.customSections.append(
            CustomSection(name: name, range: start..<payload.count, offset: binary.definitions.count))
    }

    mutating func coreModule(_ bytes: [UInt8]) -> UInt32 {
        let start = payload.count
        payload += bytes
        add(.coreModule(start..<payload.count))
        return next(.core(.module))
    }

    mutating func component(_ component: ComponentBinary) -> UInt32 {
        add(.component(component))
        return next(.component)
    }

    mutating func type(_ type: ComponentTypeDefinition) -> UInt32 {
        add(.type(type))
        return next(.type)
    }

    mutating func coreFunctionType(_ type: CoreFunctionType) -> UInt32 {
        add(.coreType(.recursive([CoreSubtype(composite: .function(type))])))
        return next(.core(.type))
    }

    mutating func `import`(_ name: ExternName, _ type: ExternTypeReference) -> UInt32 {
        add(.import(ImportDefinition(name: name, type: type)))
        switch type {
        case .function: return next(.function)
        case .type: return next(.type)
        case .instance: return next(.instance)
        case .component: return next(.component)
        case .coreModule: return next(.core(.module))
        case .value: return next(.value)
        }
    }

    mutating func export(_ name: ExternName, _ item: SortIndex, as type: ExternTypeReference? = nil) -> UInt32 {
        add(.export(ExportDefinition(name: name, item: item, type: type)))
        return next(item.sort)
    }

    mutating func alias(_ sort: Sort, ofExport name: String, of instance: UInt32) -> UInt32 {
        add(.alias(Alias(sort: sort, target: .export(instance: instance, name: name))))
        return next(sort)
    }

    /// What a core instance exports; it gets an index once.
    mutating func coreAlias(_ sort: CoreSort, _ name: String, of instance: UInt32) -> UInt32 {
        let key = CoreAlias(instance: instance, sort: sort, name: ExactName(name))
        if let known = coreAliases[key] { return known }
        add(.alias(Alias(sort: .core(sort), target: .coreExport(instance: instance, name: name))))
        let index = next(.core(sort))
        coreAliases[key] = index
        return index
    }

    mutating func coreInstance(_ module: UInt32, _ arguments: [CoreInstantiateArgument]) -> UInt32 {
        add(.coreInstance(.instantiate(module: module, arguments: arguments)))
        return next(.core(.instance))
    }

    mutating func coreInstance(_ exports: [CoreInlineExport]) -> UInt32 {
        add(.coreInstance(.exports(exports)))
        return next(.core(.instance))
    }

    mutating func instance(_ component: UInt32, _ arguments: [InstantiateArgument]) -> UInt32 {
        add(.instance(.instantiate(component: component, arguments: arguments)))
        return next(.instance)
    }

    mutating func builtin(_ builtin: CanonicalBuiltin) -> UInt32 {
        add(.canonical(.builtin(builtin)))
        return next(.core(.function))
    }

    mutating func lower(_ function: UInt32, _ options: CanonicalOptions) -> UInt32 {
        add(.canonical(.lower(function: function, options: options)))
        return next(.core(.function))
    }

    mutating func lift(_ function: UInt32, _ options: CanonicalOptions, type: UInt32) -> UInt32 {
        add(.canonical(.lift(coreFunction: function, options: options, type: type)))
        return next(.function)
    }
}
