// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailWITReader

extension WITDecoder {
    /// The package and the name in it that an interface name, or the one that is implemented, means.
    func interfaceName(_ name: ExternName) throws(BinaryError) -> (PackageName, String) {
        let text = name.implements ?? name.name
        var path = Substring(text)
        var version: SemanticVersion?
        if let at = text.firstIndex(of: "@") {
            version = Self.version(String(text[text.index(after: at)...]), suffix: name.versionSuffix)
            guard version != nil else { throw .notWIT("`\(text)` has no version that can be read", at: offset) }
            path = text[..<at]
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let package = PackageName(parts[0]), !parts[1].isEmpty else {
            throw .notWIT("`\(text)` is not the name of an interface", at: offset)
        }
        return (PackageName(namespace: package.namespace, name: package.name, version: version), String(parts[1]))
    }

    /// The version of a name, of which a canonical one leaves the end to its suffix or is the least of its track.
    private static func version(_ text: String, suffix: String?) -> SemanticVersion? {
        if let suffix { return SemanticVersion(text + suffix) }
        if let version = SemanticVersion(text) { return version }
        guard NameGrammar.isCanonical(text) else { return nil }
        return SemanticVersion(text + ".0") ?? SemanticVersion(text + ".0.0")
    }

    /// The interface of that name, which is made when it is new.
    mutating func interface(_ name: ExternName) throws(BinaryError) -> InterfaceID {
        let (package, item) = try interfaceName(name)
        let key = package.qualified(item)
        if let known = interfaces[key] { return known }
        let id = InterfaceID(graph.interfaces.count)
        graph.interfaces.append(Interface(name: item))
        packageNames.append(package)
        interfaces[key] = id
        addPackage(package)
        packages[package]?.interfaces[item] = id
        return id
    }

    /// Takes notice of an interface that others use.
    mutating func importInterface(_ entry: WITEntry) throws(BinaryError) {
        guard case .instance(let instance) = entry.item else {
            throw .notWIT("import `\(entry.name.name)` is not an interface", at: offset)
        }
        try fill(try interface(entry.name), with: instance)
    }

    /// Adds what `instance` exports to an interface that may have some of it: a binary that only uses an interface
    /// tells as much of it as it needs.
    mutating func fill(_ id: InterfaceID, with instance: Int) throws(BinaryError) {
        let exports = evaluator.instances[instance].exports
        names[.interface(id), default: []].formUnion(
            exports.map { ExternName.canonical($0.name.name) })
        for entry in exports {
            try evaluator.spend()
            let name = entry.name.name
            switch entry.item {
            case .type(let type):
                if let existing = graph[id].types[name] {
                    guard known[type] == nil else { throw .typeTwice(name, at: offset) }
                    known[type] = existing
                } else {
                    graph.interfaces[id.index].types[name] = try typeExport(entry.name, type, owner: .interface(id))
                }
            case .function(let type):
                guard graph[id].functions[name] == nil else { continue }
                graph.interfaces[id.index].functions[name] = try function(entry.name, type, owner: .interface(id))
            case .instance, .component, .other:
                throw .notWIT("export `\(name)` of an interface is neither a type nor a function", at: offset)
            }
        }
    }
}
