// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// One definition of a linker.
enum Definition: Sendable {
    case function(HostFunction)
    /// A function of an instance in some store.
    case guest(GuestFunctionReference)
    case resource(ResourceType)
    case module(CoreModule)
    case instance(DefinitionTree)

    /// What it is, for messages.
    var kindName: String {
        switch self {
        case .function, .guest: "a function"
        case .resource: "a resource"
        case .module: "a core module"
        case .instance: "an instance"
        }
    }
}

/// A function of an instance that another component imports.
final class GuestFunctionReference: @unchecked Sendable {
    // @unchecked because it is only opened in the store of its instance, which is checked at instantiation.

    /// The function; nothing of its instance may be touched once the store has gone.
    let function: UnsafeMutablePointer<LiftedFunction>
    private let link: StoreLink

    init(_ function: UnsafeMutablePointer<LiftedFunction>) {
        self.function = function
        link = function.pointee.instance.store.link
    }

    /// The store of the instance, unless it has gone.
    var store: Store? { link.store }
}

/// Definitions by name, instances nested.
struct DefinitionTree: Sendable {
    private(set) var entries: [String: Definition] = [:]

    init() {}

    /// The exports of an instance, as definitions.
    init(_ items: InstanceItems, _ state: InstanceState) {
        for name in items.names {
            switch items[name] {
            case .function(let function):
                switch function.source {
                case .lifted(let index):
                    entries[name] = .guest(GuestFunctionReference(state.lifted(index)))
                case .imported(let index):
                    switch state.pre.functions[index] {
                    case .host(let function): entries[name] = .function(function)
                    case .guest(let reference): entries[name] = .guest(reference)
                    }
                }
            case .instance(let nested): entries[name] = .instance(DefinitionTree(nested, state))
            case .module(let module):
                if let core = state.module(module) { entries[name] = .module(core) }
            case .type(.resource(let id)):
                if let type = state.resourceTypes[id.index] { entries[name] = .resource(type) }
            default: continue
            }
        }
    }

    mutating func insert(_ definition: Definition, at path: [String]) {
        insert(definition, at: path[...])
    }

    private mutating func insert(_ definition: Definition, at path: ArraySlice<String>) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            entries[name] = definition
            return
        }
        var nested = DefinitionTree()
        // Taken out, so that the nested tree is changed in place and not copied.
        if case .instance(let existing)? = entries.removeValue(forKey: name) { nested = existing }
        nested.insert(definition, at: path.dropFirst())
        entries[name] = .instance(nested)
    }

    mutating func remove(at path: [String]) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            entries[name] = nil
            return
        }
        guard case .instance(var nested) = entries[name] else { return }
        nested.remove(at: Array(path.dropFirst()))
        entries[name] = .instance(nested)
    }

    /// The definition for an import: of this very name, else of the newest compatible version.
    func find(_ name: String) -> Definition? {
        if let exact = entries[name] { return exact }
        return VersionedName(name)?.newestCompatible(among: entries.keys).flatMap { entries[$0] }
    }

    /// What is defined closest to `path`: the same import in another version, else a similar name beside it.
    func nearest(_ path: [String]) -> String? {
        var tree = self
        var known: [String] = []
        for (position, name) in path.enumerated() {
            if position < path.count - 1, case .instance(let nested)? = tree.find(name) {
                tree = nested
                known.append(name)
                continue
            }
            let base = name.split(separator: "@").first ?? Substring(name)
            let versions = tree.entries.keys.filter { ($0.split(separator: "@").first ?? "") == base && $0 != name }
            let newest = versions.max { one, other in
                guard let a = VersionedName(one), let b = VersionedName(other) else { return one < other }
                return a.version < b.version
            }
            guard let found = newest ?? NameSuggestion.nearest(to: name, among: tree.entries.keys.sorted()) else {
                return nil
            }
            return (known + [found]).joined(separator: "#")
        }
        return nil
    }
}

/// An interface name with a version.
struct VersionedName {
    let base: Substring
    let version: SemanticVersion

    init?(_ name: String) {
        guard let at = name.lastIndex(of: "@"), let version = SemanticVersion(name[name.index(after: at)...]) else {
            return nil
        }
        base = name[..<at]
        self.version = version
    }

    var track: String { version.compatibilityTrack }

    /// The name of the same interface in the newest version that is compatible with this one.
    func newestCompatible(among names: some Sequence<String>) -> String? {
        var best: (name: String, version: SemanticVersion)?
        for name in names where name.utf8.starts(with: base.utf8) {
            guard let candidate = VersionedName(name), candidate.base == base, candidate.track == track else {
                continue
            }
            if let best, candidate.version <= best.version { continue }
            best = (name, candidate.version)
        }
        return best?.name
    }
}
