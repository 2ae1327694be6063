// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// Writes a component again in which the members of a ``InstanceMerger`` are one instance.
struct MergedAssembler {
    private let merger: InstanceMerger
    /// The core modules that are new, by ranges behind the end of the bytes.
    private var modules: [Range<Int>: [UInt8]] = [:]
    private var definitions: [Located<Definition>] = []
    /// The new indices of core items by their old ones.
    private var indices: [CoreSortIndex: UInt32] = [:]
    private var counts: [CoreSort: UInt32] = [:]
    /// The things that come from elsewhere, by their numbers.
    private var externals: [InstanceMerger.Source] = []
    private var externalNumbers: [InstanceMerger.Source: Int] = [:]
    /// The exports of the result by what they are.
    private var exportNames: [InstanceMerger.Source: String] = [:]
    private var exports: [CoreModuleMerger.Export] = []
    private var takenNames: Set<ExactName> = []
    /// The core modules of later instances, which fill tables of members no more, by the positions of the instances.
    private var changed: [Int: CoreModuleBinary] = [:]
    /// Their positions.
    private var changedPlaces: [Int: Int] = [:]
    private var joined: UInt32 = 0
    /// What could not be found in the component.
    private var isLost = false

    init(_ merger: InstanceMerger) {
        self.merger = merger
    }

    /// The bytes of the component; `nil` when something in it is not what it should be.
    mutating func assembled(keepingExports isKept: (String) -> Bool) throws(BinaryError) -> [UInt8]? {
        let component = merger.component
        var modules = merger.members.compactMap { merger.modules[$0] }
        var suppliers: [[CoreModuleMerger.Supplier]] = []
        for member in merger.members { suppliers.append(self.suppliers(of: member)) }
        for (position, segments) in try elementsForMembers() {
            suppliers.append(self.suppliers(of: position))
            modules.append(segments)
        }
        collectExports(isKept)
        guard !isLost, let last = merger.members.last else { return nil }
        var joining = try CoreModuleMerger(modules, suppliers: suppliers, exports: exports)
        let (module, imports) = try joining.merged()
        // Another memory in the same module is more than some engines take.
        guard module.memories.count + module.importCount(.memory) <= 1 else { return nil }
        let gone = Set(merger.members.compactMap { merger.moduleDefinition(of: $0) })
        var deferred: [Int] = []
        for position in component.definitions.indices {
            if let parted = merger.parted, parted.position == position { instantiate(parted.memory) }
            if position == last {
                instantiate(module, imports)
                for position in deferred { emit(position) }
            }
            if merger.numbers[position] != nil || gone.contains(position) || isUnneeded(position) { continue }
            if position < last, merger.dependence[position] != .none {
                deferred.append(position)
            } else {
                emit(position)
            }
        }
        guard !isLost else { return nil }
        var result = component
        result.definitions = definitions
        // Its indices are those of before.
        result.customSections.removeAll { $0.name == "component-name" }
        return ComponentEncoder.encode(result, source: merger.bytes, modules: self.modules)
    }

    private func isUnneeded(_ position: Int) -> Bool {
        switch merger.component.definitions[position].value {
        case .alias(let alias): if case .coreExport = alias.target { !merger.isNeeded[position] } else { false }
        case .coreInstance(.exports): !merger.isNeeded[position]
        default: false
        }
    }

    // MARK: - What is joined

    /// Where the imports of an instance come from.
    private func sources(of position: Int, _ module: CoreModuleBinary) -> [InstanceMerger.Source?] {
        guard case .coreInstance(.instantiate(_, let arguments)) = merger.component.definitions[position].value else {
            return []
        }
        var instances: [ExactName: UInt32] = [:]
        for argument in arguments { instances[ExactName(argument.name)] = argument.instance }
        if let parted = merger.parted, parted.position == position {
            instances[ExactName(CoreModuleBinary.partedMemory)] = parted.instance
        }
        return module.imports.map { item in
            instances[ExactName(item.module)].flatMap { merger.source($0, item.name, item.type.sort) }
        }
    }

    private mutating func suppliers(of position: Int) -> [CoreModuleMerger.Supplier] {
        guard let module = merger.modules[position] else { return [] }
        var result: [CoreModuleMerger.Supplier] = []
        for source in sources(of: position, module) {
            switch source {
            case .member(let member, let item)?: result.append(.item(module: member, index: item.index))
            case let source?:
                let number = externalNumbers[source] ?? externals.count
                if number == externals.count {
                    externalNumbers[source] = number
                    externals.append(source)
                }
                result.append(.external(number))
            case nil:
                isLost = true
                result.append(.external(-1))
            }
        }
        return result
    }

    /// Takes from later instances the segments that fill tables of members with functions of members, where all can be taken: as
    /// modules that consist of imports and these.
    private mutating func elementsForMembers() throws(BinaryError) -> [(position: Int, module: CoreModuleBinary)] {
        var result: [(Int, CoreModuleBinary)] = []
        var changed: [Int: CoreModuleBinary] = [:]
        for position in merger.component.definitions.indices where merger.dependence[position] == .late {
            guard var module = merger.modules[position] else { continue }
            let sources = sources(of: position, module)
            let tables = zip(module.imports, sources).filter { $0.0.type.sort == .table }.map(\.1)
            let functions = zip(module.imports, sources).filter { $0.0.type.sort == .function }.map(\.1)
            var taken: [CoreElementSegment] = []
            var kept: [CoreElementSegment] = []
            for segment in module.elements {
                guard case .active(let table, let offset) = segment.mode, Int(table) < tables.count,
                    case .member? = tables[Int(table)]
                else {
                    kept.append(segment)
                    continue
                }
                // What stays behind would fill the table at another time than what goes.
                guard CoreConstant(offset) != nil, case .functions(let items) = segment.items,
                    items.allSatisfy({
                        if Int($0) < functions.count, case .member? = functions[Int($0)] { true } else { false }
                    })
                else { return [] }
                taken.append(segment)
            }
            guard !taken.isEmpty else { continue }
            var part = CoreModuleBinary()
            part.types = module.types
            part.imports = module.imports
            part.elements = taken
            result.append((position, part))
            module.elements = kept
            try module.removeUnused(keepingExports: { _ in true }, includingSegments: true)
            changed[position] = module
        }
        self.changed = changed
        for position in changed.keys { changedPlaces[merger.moduleDefinition(of: position) ?? -1] = position }
        return result
    }

    // MARK: - What is exported

    private mutating func export(_ source: InstanceMerger.Source, as name: String) {
        guard case .member(let member, let item) = source, exportNames[source] == nil else { return }
        var unique = name
        var number = 0
        while !takenNames.insert(ExactName(unique)).inserted {
            number += 1
            unique = "\(name):\(number)"
        }
        exportNames[source] = unique
        exports.append(CoreModuleMerger.Export(name: unique, module: member, item: item))
    }

    private mutating func collectExports(_ isKept: (String) -> Bool) {
        for (number, member) in merger.members.enumerated() {
            for export in merger.modules[member]?.exports ?? [] where isKept(export.name) {
                self.export(.member(number, export.item), as: export.name)
            }
        }
        for position in merger.component.definitions.indices
        where merger.isNeeded[position] && merger.numbers[position] == nil {
            switch merger.component.definitions[position].value {
            case .alias(let alias):
                guard let (source, name) = memberExport(alias) else { continue }
                export(source, as: name)
            case .coreInstance(.instantiate(_, let arguments)):
                for argument in arguments where isMember(argument.instance) {
                    for (name, source) in imports(of: position, from: argument) { export(source, as: name) }
                }
            default: continue
            }
        }
    }

    private func isMember(_ instance: UInt32) -> Bool {
        merger.position(.instance, instance).map { merger.numbers[$0] != nil } ?? false
    }

    private func memberExport(_ alias: Alias) -> (InstanceMerger.Source, String)? {
        guard case .core(let sort) = alias.sort, case .coreExport(let instance, let name) = alias.target,
            isMember(instance), let source = merger.source(instance, name, sort)
        else { return nil }
        return (source, name)
    }

    /// What an instance imports from a member that is passed to it.
    private mutating func imports(
        of position: Int, from argument: CoreInstantiateArgument
    ) -> [(name: String, source: InstanceMerger.Source)] {
        guard let module = changed[position] ?? merger.modules[position] else {
            isLost = true
            return []
        }
        var result: [(String, InstanceMerger.Source)] = []
        var known: Set<ExactName> = []
        for (item, source) in zip(module.imports, sources(of: position, module))
        where ExactName(item.module) == ExactName(argument.name) {
            guard let source else {
                isLost = true
                continue
            }
            if known.insert(ExactName(item.name)).inserted { result.append((item.name, source)) }
        }
        return result
    }

    // MARK: - Writing

    @discardableResult
    private mutating func append(_ definition: Definition, _ sort: CoreSort?, at offset: Int) -> UInt32 {
        definitions.append(Located(definition, at: offset))
        guard let sort else { return 0 }
        let index = counts[sort, default: 0]
        counts[sort] = index + 1
        return index
    }

    private mutating func module(_ module: CoreModuleBinary, at offset: Int) -> UInt32 {
        let place = merger.bytes.count + modules.count
        let range = place..<place + 1
        modules[range] = module.encoded()
        return append(.coreModule(range), .module, at: offset)
    }

    private mutating func aliased(_ instance: UInt32, _ name: String, _ sort: CoreSort) -> UInt32 {
        append(.alias(Alias(sort: .core(sort), target: .coreExport(instance: instance, name: name))), sort, at: 0)
    }

    private mutating func index(_ sort: CoreSort, _ old: UInt32) -> UInt32 {
        guard let new = indices[CoreSortIndex(sort: sort, index: old)] else {
            isLost = true
            return 0
        }
        return new
    }

    private mutating func instantiate(_ merged: CoreModuleBinary, _ imports: [Int]) {
        var given: [CoreInlineExport] = []
        for (position, number) in imports.enumerated() where externals.indices.contains(number) {
            guard let item = item(externals[number]) else { continue }
            given.append(CoreInlineExport(name: "\(position)", item: item))
        }
        isLost = isLost || given.count != imports.count
        var arguments: [CoreInstantiateArgument] = []
        if !given.isEmpty {
            let instance = append(.coreInstance(.exports(given)), .instance, at: 0)
            arguments.append(CoreInstantiateArgument(name: "", instance: instance))
        }
        let module = module(merged, at: 0)
        joined = append(.coreInstance(.instantiate(module: module, arguments: arguments)), .instance, at: 0)
    }

    /// Writes the instance that has the memory, in the place of the one that had it.
    private mutating func instantiate(_ memory: CoreModuleBinary) {
        let module = module(memory, at: 0)
        let instance = append(.coreInstance(.instantiate(module: module, arguments: [])), .instance, at: 0)
        if let parted = merger.parted { remember(instance, .instance, parted.position) }
    }

    /// The index of what something stands for.
    private mutating func item(_ source: InstanceMerger.Source) -> CoreSortIndex? {
        switch source {
        case .member(_, let item):
            guard let name = exportNames[source] else { return nil }
            return CoreSortIndex(sort: item.sort, index: aliased(joined, name, item.sort))
        case .canonical(let old): return CoreSortIndex(sort: old.sort, index: index(old.sort, old.index))
        case .export(let instance, let name, let sort):
            return CoreSortIndex(sort: sort, index: aliased(index(.instance, instance), name.text, sort))
        }
    }

    /// Writes a definition with the new indices.
    private mutating func emit(_ position: Int) {
        let located = merger.component.definitions[position]
        let sort = located.value.coreSort
        var definition = located.value
        switch definition {
        case .coreModule(let range):
            if let changed = changedPlaces[position].flatMap({ self.changed[$0] }) ?? merger.replaced[range] {
                remember(module(changed, at: located.offset), sort, position)
                return
            }
        case .alias(let alias):
            if let (source, _) = memberExport(alias), case .member = source, let item = item(source) {
                remember(item.index, sort, position)
                return
            }
        case .coreInstance(.instantiate(let module, var arguments)):
            for number in arguments.indices {
                guard isMember(arguments[number].instance) else {
                    arguments[number].instance = index(.instance, arguments[number].instance)
                    continue
                }
                var exports: [CoreInlineExport] = []
                for (name, source) in imports(of: position, from: arguments[number]) {
                    guard let item = item(source) else { continue }
                    exports.append(CoreInlineExport(name: name, item: item))
                }
                arguments[number].instance = append(.coreInstance(.exports(exports)), .instance, at: 0)
            }
            let expression = CoreInstanceExpression.instantiate(module: index(.module, module), arguments: arguments)
            remember(append(.coreInstance(expression), sort, at: located.offset), sort, position)
            return
        default: break
        }
        definition = definition.mapCoreIndices { sort, old in index(sort, old) }
        remember(append(definition, sort, at: located.offset), sort, position)
    }

    private mutating func remember(_ new: UInt32, _ sort: CoreSort?, _ position: Int) {
        guard let sort, let old = merger.index(of: position, sort) else { return }
        indices[CoreSortIndex(sort: sort, index: old)] = new
    }
}
