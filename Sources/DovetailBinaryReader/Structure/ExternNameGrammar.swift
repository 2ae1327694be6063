// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// A name of an import or export, taken apart. (Explainer.md, "Import and Export Definitions")
package enum ParsedName {
    package enum Accessor { case get, set }

    case label(String)
    case accessor(Accessor, String)
    case constructor(String)
    case method(Accessor?, resource: String, member: String)
    case `static`(Accessor?, resource: String, member: String)
    case interface(version: String?)
}

/// The grammar of extern names.
package enum NameGrammar {
    /// Takes `name` apart.
    package static func parse(
        _ name: String, features: ComponentFeatures, at offset: Int
    ) throws(BinaryError) -> ParsedName {
        guard !name.isEmpty else { throw .name("name of an import or export cannot be empty", at: offset) }
        if name.utf8.first == 0x5b { return try annotated(name, features: features, at: offset) }
        if name.utf8.contains(0x3a) { return try interface(name, features: features, at: offset) }
        guard ExternName.isLabel(name) else {
            throw .name("`\(name)` is not a valid extern name; it is not in kebab case", at: offset)
        }
        return .label(name)
    }

    private static func annotated(
        _ name: String, features: ComponentFeatures, at offset: Int
    ) throws(BinaryError) -> ParsedName {
        var rest = name[...]
        var annotations: [Substring] = []
        while rest.utf8.first == 0x5b {
            guard let end = rest.firstIndex(of: "]") else {
                throw .name("`\(name)` is not a valid extern name; `]` is missing", at: offset)
            }
            annotations.append(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        }
        var accessor: ParsedName.Accessor?
        if let last = annotations.last, last == "get" || last == "set" {
            guard features.contains(.accessors) else {
                throw .feature("name `\(name)`", .accessors, at: offset)
            }
            accessor = last == "get" ? .get : .set
            annotations.removeLast()
        }
        func label(_ text: Substring) throws(BinaryError) -> String {
            guard ExternName.isLabel(text) else {
                throw .name("`\(text)` in `\(name)` is not in kebab case", at: offset)
            }
            return String(text)
        }
        switch (annotations.count, annotations.first, accessor) {
        case (0, _, let accessor?): return .accessor(accessor, try label(rest))
        case (1, "constructor", nil): return .constructor(try label(rest))
        case (1, "method", _), (1, "static", _):
            guard let dot = rest.firstIndex(of: ".") else {
                throw .name("expected `resource.member` in `\(name)`, found no `.`", at: offset)
            }
            let resource = try label(rest[..<dot])
            let member = try label(rest[rest.index(after: dot)...])
            return annotations.first == "method"
                ? .method(accessor, resource: resource, member: member)
                : .static(accessor, resource: resource, member: member)
        default: throw .name("`\(name)` is not a valid extern name; its annotations are not known", at: offset)
        }
    }

    /// Checks an interface name. (Explainer.md, `interfacename`)
    package static func interface(
        _ name: String, features: ComponentFeatures, at offset: Int
    ) throws(BinaryError) -> ParsedName {
        var path = name[...]
        var version: String?
        if let at = name.firstIndex(of: "@") {
            version = String(name[name.index(after: at)...])
            path = name[..<at]
        }
        let names = path.split(separator: ":", omittingEmptySubsequences: false)
        let projections = names.last?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        let isNested = features.contains(.nestedNames)
        guard names.count == 2 || (names.count > 2 && isNested) else {
            throw .name("`\(name)` is not a valid interface name; expected `namespace:package/interface`", at: offset)
        }
        guard projections.count == 2 || (projections.count > 2 && isNested) else {
            throw .name("`\(name)` is not an interface; expected one `/` after the package name", at: offset)
        }
        for words in names.dropLast() + projections.prefix(1) where !ExternName.isLabel(words, allowsUpper: false) {
            throw .name("`\(words)` in `\(name)` is not in lower kebab case", at: offset)
        }
        for label in projections.dropFirst() where !ExternName.isLabel(label) {
            throw .name("`\(label)` in `\(name)` is not in kebab case", at: offset)
        }
        if let version {
            guard SemanticVersion(version) != nil || (features.contains(.canonicalNames) && isCanonical(version)) else {
                throw .name("invalid interface version `\(version)` in `\(name)`", at: offset)
            }
        }
        return .interface(version: version)
    }

    /// Whether `version` is a `canonversion`.
    package static func isCanonical(_ version: String) -> Bool {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        func number(_ text: Substring) -> Bool {
            !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } && text.utf8.first != 0x30
        }
        switch parts.count {
        case 1: return number(parts[0])
        case 2: return parts[0] == "0" && number(parts[1])
        case 3: return parts[0] == "0" && parts[1] == "0" && (parts[2] == "0" || number(parts[2]))
        default: return false
        }
    }

    /// The canonical part of a full version. (Explainer.md, "Canonical Interface Name")
    package static func canonicalPart(_ version: SemanticVersion) -> String {
        version.compatibilityTrack
    }
}
