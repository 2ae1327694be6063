// SPDX-License-Identifier: Apache-2.0

/// The unresolved items of one package, gathered from its files.
package struct WITPackage: Sendable {
    /// The name.
    package var name: PackageName
    /// The place of the name.
    package let span: SourceSpan
    /// The comment at the `package` line.
    package var documentation: String?
    /// The items, one list for each file: every file has its own names from `use`.
    package let files: [[WITSyntax.Item]]

    /// The packages in a group of files: the one that the files share first, those in braces behind it.
    package static func packages(
        of group: [WITSyntax.File], diagnostics: inout DiagnosticCollector
    ) -> [WITPackage] {
        var header: WITSyntax.PackageHeader?
        var documentation: WITSyntax.Documentation?
        var files: [[WITSyntax.Item]] = []
        var nested: [WITPackage] = []
        for file in group {
            if let found = file.package {
                if let header, header.name != found.name {
                    diagnostics.add(.otherPackage(found.name, header.name, at: found.span, firstAt: header.span))
                }
                if let comment = found.documentation {
                    if let documentation {
                        diagnostics.add(.secondPackageComment(at: comment.span, firstAt: documentation.span))
                    }
                    documentation = documentation ?? comment
                }
                header = header ?? found
            }
            var own: [WITSyntax.Item] = []
            for item in file.items {
                guard case .package(let inner) = item else {
                    own.append(item)
                    continue
                }
                for case .package(let deeper) in inner.items { diagnostics.add(.nestedPackage(at: deeper.header.span)) }
                nested.append(
                    WITPackage(
                        name: inner.header.name, span: inner.header.span,
                        documentation: inner.header.documentation?.text, files: [inner.items]))
            }
            files.append(own)
        }
        guard let header else {
            if !diagnostics.hasErrors {
                let start = group.first.map { SourceSpan(file: $0.file, start: 0, end: 0) }
                diagnostics.add(.missingHeader(at: start))
            }
            return nested
        }
        let main = WITPackage(
            name: header.name, span: header.span, documentation: documentation?.text, files: files)
        return [main] + nested
    }

    /// Calls `body` for every path in the package, with its gate and the kind of item it has to refer to.
    func forEachPath(_ body: (WITSyntax.UsePath, [WITSyntax.Attribute], PathUse) -> Void) {
        func members(_ items: [WITSyntax.InterfaceMember]) {
            for case .use(let use) in items { body(use.path, use.attributes, .interface) }
        }
        for item in files.joined() {
            switch item {
            case .use(let use): body(use.path, use.attributes, .topLevel)
            case .interface(let interface): members(interface.items)
            case .world(let world):
                for member in world.items {
                    switch member {
                    case .use(let use): body(use.path, use.attributes, .interface)
                    case .include(let include): body(include.path, include.attributes, .world)
                    case .import(let extern), .export(let extern):
                        switch extern.kind {
                        case .inline(_, let items): members(items)
                        case .path(let path), .namedPath(_, let path): body(path, extern.attributes, .interface)
                        case .function: break
                        }
                    case .type: break
                    }
                }
            case .package: break
            }
        }
    }

    /// The packages that it mentions, each once.
    var dependencies: [PackageName] {
        var seen: Set<PackageName> = []
        var found: [PackageName] = []
        forEachPath { path, _, _ in
            if let name = path.package, seen.insert(name).inserted { found.append(name) }
        }
        return found
    }

    enum PathUse {
        case topLevel, interface, world
    }
}
