// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

// Imports come before exports. (Explainer.md, "External Visibility of Types": imported types cannot transitively refer
// to the external names of exported types)
extension ComponentValidator {
    /// Refuses an import whose types refer to what the component exports, or to resources that it makes itself.
    mutating func checkNoExports(in node: ExternNode) throws(BinaryError) {
        guard !scope.created.isEmpty || scope.exports.count > 0 else { return }
        if node.facts.hasResource, !scope.created.isEmpty {
            var free = FreeResources()
            free.visit(node)
            // The walk is as long as the one that registers the names.
            try charge(node.facts.weight)
            guard !free.found.contains(where: scope.hasCreated) else {
                throw .invalid(
                    "\(node.description) not valid to be used as import: it refers to a resource of the component itself",
                    at: offset)
            }
        }
        guard scope.exports.count > 0 else { return }
        var search = ExportSearch(
            exported: scope.namedForExports, imported: scope.namedForImports, aliasOrigins: aliasOrigins)
        guard !search.visit(node) else {
            throw .invalid(
                "\(node.description) not valid to be used as import: it refers to a type that is exported", at: offset)
        }
    }
}

/// Looks for types that have a name among the exports only.
private struct ExportSearch {
    let exported: NamedTypes
    let imported: NamedTypes
    let aliasOrigins: [Int: Int]
    private var seen: Set<ObjectIdentifier> = []

    init(exported: NamedTypes, imported: NamedTypes, aliasOrigins: [Int: Int]) {
        self.exported = exported
        self.imported = imported
        self.aliasOrigins = aliasOrigins
    }

    mutating func visit(_ node: ExternNode) -> Bool {
        switch node {
        // What the types of functions and values refer to has to have a name among the imports anyway.
        case .module, .function, .value, .component: return false
        case .type(.resource(let reference)): return visit(reference)
        case .type(.value(let type)): return visit(type)
        case .type(.instance(let instance)), .instance(let instance):
            guard seen.insert(ObjectIdentifier(instance)).inserted else { return false }
            for export in instance.exports.entries where visit(export.value) { return true }
            return false
        case .type(.function), .type(.component): return false
        }
    }

    private func visit(_ reference: ResourceReference) -> Bool {
        var reference = reference
        while true {
            if imported.contains(reference) { return false }
            if exported.contains(reference) { return true }
            guard let origin = aliasOrigins[reference.alias] else { return false }
            reference.alias = origin
        }
    }

    private mutating func visit(_ type: DefinedNode) -> Bool {
        guard !imported.contains(type), seen.insert(ObjectIdentifier(type)).inserted else { return false }
        if exported.contains(type) { return true }
        if let origin = type.origin, visit(origin) { return true }
        switch type.shape {
        case .own(let reference), .borrow(let reference): return visit(reference)
        default:
            for case .defined(let child) in type.shape.children where visit(child) { return true }
            return false
        }
    }
}
