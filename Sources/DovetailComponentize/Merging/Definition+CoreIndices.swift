// SPDX-License-Identifier: Apache-2.0

package import DovetailBinary

extension Definition {
    /// The core index space that the definition adds to.
    package var coreSort: CoreSort? {
        switch self {
        case .coreModule: .module
        case .coreInstance: .instance
        case .canonical(.lift): nil
        case .canonical: .function
        case .alias(let alias): if case .core(let sort) = alias.sort, sort != .type { sort } else { nil }
        case .import(let item): if case .coreModule = item.type { .module } else { nil }
        case .export(let export): if case .core(.module) = export.item.sort { .module } else { nil }
        case .coreType, .component, .instance, .type, .start, .value: nil
        }
    }

    /// The definition with the indices that `map` gives for core items that it refers to: modules, instances, and what these
    /// export. What nested components refer to stays.
    func mapCoreIndices(_ map: (CoreSort, UInt32) -> UInt32) -> Definition {
        func item(_ item: CoreSortIndex) -> CoreSortIndex {
            CoreSortIndex(sort: item.sort, index: item.sort == .type ? item.index : map(item.sort, item.index))
        }
        func item(_ item: SortIndex) -> SortIndex {
            guard case .core(let sort) = item.sort, sort != .type else { return item }
            return SortIndex(sort: item.sort, index: map(sort, item.index))
        }
        func options(_ options: CanonicalOptions) -> CanonicalOptions {
            var options = options
            options.memory = options.memory.map { map(.memory, $0) }
            options.realloc = options.realloc.map { map(.function, $0) }
            options.postReturn = options.postReturn.map { map(.function, $0) }
            options.callback = options.callback.map { map(.function, $0) }
            return options
        }
        switch self {
        case .coreInstance(.instantiate(let module, var arguments)):
            for index in arguments.indices { arguments[index].instance = map(.instance, arguments[index].instance) }
            return .coreInstance(.instantiate(module: map(.module, module), arguments: arguments))
        case .coreInstance(.exports(var exports)):
            for index in exports.indices { exports[index].item = item(exports[index].item) }
            return .coreInstance(.exports(exports))
        case .alias(var alias):
            guard case .coreExport(let instance, let name) = alias.target else { return self }
            alias.target = .coreExport(instance: map(.instance, instance), name: name)
            return .alias(alias)
        case .type(.resource(var resource)):
            resource.destructor = resource.destructor.map { map(.function, $0) }
            return .type(.resource(resource))
        case .canonical(.lift(let function, let own, let type)):
            return .canonical(.lift(coreFunction: map(.function, function), options: options(own), type: type))
        case .canonical(.lower(let function, let own)):
            return .canonical(.lower(function: function, options: options(own)))
        case .canonical(.builtin(let builtin)):
            return .canonical(.builtin(builtin.mapCoreIndices(map, options)))
        case .instance(.instantiate(let component, var arguments)):
            for index in arguments.indices { arguments[index].item = item(arguments[index].item) }
            return .instance(.instantiate(component: component, arguments: arguments))
        case .instance(.exports(var exports)):
            for index in exports.indices { exports[index].item = item(exports[index].item) }
            return .instance(.exports(exports))
        case .export(var export):
            export.item = item(export.item)
            return .export(export)
        case .coreModule, .coreType, .component, .type, .import, .start, .value: return self
        }
    }
}

extension CanonicalBuiltin {
    fileprivate func mapCoreIndices(
        _ map: (CoreSort, UInt32) -> UInt32, _ options: (CanonicalOptions) -> CanonicalOptions
    ) -> CanonicalBuiltin {
        switch self {
        case .taskReturn(let result, let own): return .taskReturn(result: result, options: options(own))
        case .streamRead(let type, let own): return .streamRead(type, options(own))
        case .streamWrite(let type, let own): return .streamWrite(type, options(own))
        case .futureRead(let type, let own): return .futureRead(type, options(own))
        case .futureWrite(let type, let own): return .futureWrite(type, options(own))
        case .errorContextNew(let own): return .errorContextNew(options(own))
        case .errorContextDebugMessage(let own): return .errorContextDebugMessage(options(own))
        case .waitableSetWait(let memory): return .waitableSetWait(memory: map(.memory, memory))
        case .waitableSetPoll(let memory): return .waitableSetPoll(memory: map(.memory, memory))
        case .threadNewIndirect(let type, let table):
            return .threadNewIndirect(type: type, table: map(.table, table))
        case .threadSpawnIndirect(let isShared, let type, let table):
            return .threadSpawnIndirect(isShared: isShared, type: type, table: map(.table, table))
        default:
            // The others refer to no core item.
            return self
        }
    }
}
