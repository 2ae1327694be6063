// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// A component that imports the core modules that were in it, and these modules.
package struct UnbundledComponent: Sendable {
    /// The component.
    package private(set) var component: [UInt8] = []
    /// The modules by the names under which they are imported.
    package private(set) var modules: [(name: String, bytes: [UInt8])] = []

    /// Takes the core modules of at least `threshold` bytes out of a component, those of components in it as well.
    ///
    /// - Throws: a ``ComponentizeError`` when `bytes` are no component or the result is not valid.
    package init(_ bytes: [UInt8], threshold: Int) throws(ComponentizeError) {
        var position = 0
        try self.init(bytes) { range in
            guard range.count >= threshold else { return nil }
            defer { position += 1 }
            return Choice(name: "unbundled-module\(position)")
        }
    }

    /// How a module is imported.
    package struct Choice {
        /// The name of the import.
        package var name: String
        /// The exports that the type of the import has; `nil` for all.
        package var exports: Set<String>?

        /// Makes a choice.
        package init(name: String, exports: Set<String>? = nil) {
            self.name = name
            self.exports = exports
        }
    }

    /// Takes the core modules out of a component that `choose` has a name for, asked in the order of the file.
    ///
    /// - Throws: a ``ComponentizeError`` when `bytes` are no component or the result is not valid.
    package init(_ bytes: [UInt8], choose: (Range<Int>) -> Choice?) throws(ComponentizeError) {
        do throws(BinaryError) {
            let binary = try ComponentDecoder.decode(bytes)
            var ranges: [Range<Int>] = []
            var types: [CoreTypeDefinition] = []
            for range in binary.coreModules {
                guard let choice = choose(range) else { continue }
                ranges.append(range)
                modules.append((choice.name, Array(bytes[range])))
                var module = try CoreModuleBinary.decode(bytes, range: range)
                if let exports = choice.exports { module.exports.removeAll { !exports.contains($0.name) } }
                types.append(.module(module.typeDeclarations()))
            }
            let extractor = ModuleExtractor(ranges: ranges)
            var changed = extractor.replacing(in: binary)
            var head: [Located<Definition>] = []
            for (position, type) in types.enumerated() {
                // Behind the custom sections that begin the component, before everything else.
                let offset = binary.range.lowerBound + 8
                head.append(Located(.coreType(type), at: offset))
                head.append(
                    Located(
                        .import(
                            ImportDefinition(
                                name: ExternName(name: modules[position].name), type: .coreModule(UInt32(position)))),
                        at: offset))
            }
            changed.definitions = head + changed.definitions
            component = ComponentEncoder.encode(changed, source: bytes)
            _ = try ComponentValidator.validate(
                try ComponentDecoder.decode(component), bytes: component, features: .all)
        } catch {
            throw .unbundling(error)
        }
    }
}

extension CoreModuleBinary {
    /// The type of the module, as the declarations of a module type.
    fileprivate func typeDeclarations() -> [Located<ModuleDeclaration>] {
        var declarations: [ModuleDeclaration] = types.map { .type(.recursive($0)) }
        for item in imports { declarations.append(.import(module: item.module, name: item.name, item.type)) }
        var spaces: [CoreSort: [CoreExternType]] = Dictionary(grouping: imports.map(\.type), by: \.sort)
        spaces[.function, default: []] += functions.map { .function(typeIndex: $0.type, isExact: false) }
        spaces[.table, default: []] += tables.map { .table($0.type) }
        spaces[.memory, default: []] += memories.map { .memory($0) }
        spaces[.global, default: []] += globals.map { .global($0.type) }
        spaces[.tag, default: []] += tags.map { .tag(typeIndex: $0) }
        for export in exports {
            guard let space = spaces[export.item.sort], Int(export.item.index) < space.count else { continue }
            declarations.append(.export(name: export.name, space[Int(export.item.index)]))
        }
        return declarations.map { Located($0, at: 0) }
    }
}

/// Puts aliases of imports in the places of core modules, behind new core types and modules of the root.
private final class ModuleExtractor {
    private let positions: [Range<Int>: UInt32]
    /// How many core types and core modules the root gets in front of its own.
    private let added: UInt32

    init(ranges: [Range<Int>]) {
        positions = Dictionary(
            ranges.enumerated().map { ($1, UInt32($0)) }, uniquingKeysWith: { first, _ in first })
        added = UInt32(ranges.count)
    }

    /// `component` with its modules replaced; `depth` is how many components are around it.
    func replacing(in component: ComponentBinary, depth: UInt32 = 0) -> ComponentBinary {
        var result = component
        for index in result.definitions.indices {
            result.definitions[index].value = replacing(in: result.definitions[index].value, depth: depth)
        }
        return result
    }

    /// An index of a core type or core module of the scope at `depth`.
    private func moved(_ index: UInt32, _ depth: UInt32) -> UInt32 { depth == 0 ? index &+ added : index }

    private func replacing(in definition: Definition, depth: UInt32) -> Definition {
        switch definition {
        case .coreModule(let range):
            guard let position = positions[range] else { return definition }
            return .alias(Alias(sort: .core(.module), target: .outer(count: depth, index: position)))
        case .coreInstance(.instantiate(let module, let arguments)):
            return .coreInstance(.instantiate(module: moved(module, depth), arguments: arguments))
        case .coreInstance(.exports(var exports)):
            for index in exports.indices { exports[index].item = item(exports[index].item, depth) }
            return .coreInstance(.exports(exports))
        case .coreType(let type): return .coreType(self.type(type, depth: depth))
        case .component(let nested): return .component(replacing(in: nested, depth: depth + 1))
        case .instance(.instantiate(let component, var arguments)):
            for index in arguments.indices { arguments[index].item = item(arguments[index].item, depth) }
            return .instance(.instantiate(component: component, arguments: arguments))
        case .instance(.exports(var exports)):
            for index in exports.indices { exports[index].item = item(exports[index].item, depth) }
            return .instance(.exports(exports))
        case .alias(let alias): return .alias(self.alias(alias, depth: depth))
        case .type(let type): return .type(self.type(type, depth: depth))
        case .canonical(let canonical): return .canonical(self.canonical(canonical, depth))
        case .import(var item):
            item.type = extern(item.type, depth)
            return .import(item)
        case .export(var item_):
            item_.item = item(item_.item, depth)
            item_.type = item_.type.map { extern($0, depth) }
            return .export(item_)
        case .start, .value: return definition
        }
    }

    private func item(_ item: CoreSortIndex, _ depth: UInt32) -> CoreSortIndex {
        guard item.sort == .module || item.sort == .type else { return item }
        return CoreSortIndex(sort: item.sort, index: moved(item.index, depth))
    }

    private func item(_ item: SortIndex, _ depth: UInt32) -> SortIndex {
        guard item.sort == .core(.module) || item.sort == .core(.type) else { return item }
        return SortIndex(sort: item.sort, index: moved(item.index, depth))
    }

    private func extern(_ type: ExternTypeReference, _ depth: UInt32) -> ExternTypeReference {
        if case .coreModule(let index) = type { .coreModule(moved(index, depth)) } else { type }
    }

    /// An alias of the root's core types and modules counts as many scopes as there are around it.
    private func alias(_ alias: Alias, depth: UInt32) -> Alias {
        guard alias.sort == .core(.module) || alias.sort == .core(.type),
            case .outer(let count, let index) = alias.target, count == depth
        else { return alias }
        return Alias(sort: alias.sort, target: .outer(count: count, index: index &+ added))
    }

    private func canonical(_ canonical: CanonicalDefinition, _ depth: UInt32) -> CanonicalDefinition {
        func options(_ options: CanonicalOptions) -> CanonicalOptions {
            var options = options
            options.coreType = options.coreType.map { moved($0, depth) }
            return options
        }
        switch canonical {
        case .lift(let function, let own, let type):
            return .lift(coreFunction: function, options: options(own), type: type)
        case .lower(let function, let own): return .lower(function: function, options: options(own))
        case .builtin(.threadNewIndirect(let type, let table)):
            return .builtin(.threadNewIndirect(type: moved(type, depth), table: table))
        case .builtin(.threadSpawnRef(let isShared, let type)):
            return .builtin(.threadSpawnRef(isShared: isShared, type: moved(type, depth)))
        case .builtin(.threadSpawnIndirect(let isShared, let type, let table)):
            return .builtin(.threadSpawnIndirect(isShared: isShared, type: moved(type, depth), table: table))
        case .builtin: return canonical
        }
    }

    // MARK: - Types

    private func type(_ type: CoreTypeDefinition, depth: UInt32) -> CoreTypeDefinition {
        switch type {
        case .recursive(let group):
            guard depth == 0 else { return type }
            return .recursive(group.map { $0.movingIndices { $0 &+ self.added } })
        case .module(var declarations):
            for index in declarations.indices {
                // The module type is a scope of its own, one further inside.
                guard case .outerAlias(let count, let target) = declarations[index].value, count == depth + 1 else {
                    continue
                }
                declarations[index].value = .outerAlias(count: count, index: target &+ added)
            }
            return .module(declarations)
        }
    }

    private func type(_ type: ComponentTypeDefinition, depth: UInt32) -> ComponentTypeDefinition {
        switch type {
        case .value, .function, .resource: type
        case .component(let declarations): .component(self.declarations(declarations, depth: depth + 1))
        case .instance(let declarations): .instance(self.declarations(declarations, depth: depth + 1))
        }
    }

    private func declarations(
        _ declarations: [Located<TypeDeclaration>], depth: UInt32
    ) -> [Located<TypeDeclaration>] {
        var result = declarations
        for index in result.indices {
            switch result[index].value {
            case .coreType(let type): result[index].value = .coreType(self.type(type, depth: depth))
            case .type(let type): result[index].value = .type(self.type(type, depth: depth))
            case .alias(let alias): result[index].value = .alias(self.alias(alias, depth: depth))
            case .import, .export: continue
            }
        }
        return result
    }
}
