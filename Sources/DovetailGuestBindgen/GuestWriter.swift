// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes

/// Writes a world for guests: an enum that is its namespace, with the types, with functions for imports and protocols for
/// exports; behind it the core functions.
struct GuestWriter {
    let guest: SwiftGuest

    private var model: WorldModel { guest.model }

    init(_ guest: SwiftGuest) { self.guest = guest }

    /// All declarations, in order.
    func declarations() throws(BindgenError) -> [SwiftDeclaration] {
        var globals: [SwiftDeclaration] = []
        var stubs: [SwiftDeclaration] = []
        // Imports first: what exports do depends on what there is.
        let generated = model.namespaces.indices.dropFirst().filter { model.namespaces[$0].origin == .generated }
        let isExported = { (index: Int) in model.namespaces[index].direction == .exported }
        var interfaces: [SwiftDeclaration] = []
        for index in generated where !isExported(index) {
            interfaces.append(try interface(index, &globals, &stubs))
        }
        let world = try self.world(&globals, &stubs)
        for index in generated where isExported(index) {
            interfaces.append(try interface(index, &globals, &stubs))
        }
        let type = SwiftType.named(guest.names.world)
        let transfers = TransferWriter(guest)
        let helpers = try helpers() + transfers.members
        return [world] + interfaces.map { .extension(type, [$0]) }
            + (helpers.isEmpty ? [] : [.extension(type, helpers)]) + (guest.options.stubs ? stubs : []) + globals
            + transfers.globals + connections()
    }

    private func namespace(
        _ name: String, _ members: [SwiftDeclaration], _ documentation: [String]
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            .type(SwiftTypeDeclaration(keyword: .enum, name: name, members: members)), documentation: documentation,
            modifiers: guest.access)
    }

    private func world(
        _ globals: inout [SwiftDeclaration], _ stubs: inout [SwiftDeclaration]
    ) throws(BindgenError) -> SwiftDeclaration {
        let root = GuestScope(guest: guest, scope: .world)
        var imports = ImportWriter(root)
        let (functions, classes) = try imports.members()
        var members = try root.typeDeclarations() + classes
        if !functions.isEmpty {
            members.append(namespace("Imports", functions, ["The functions that the world itself imports."]))
        }
        var exports = ExportWriter(
            GuestScope(guest: guest, scope: Scope(index: 0, direction: .exported)), model.exportedFunctions, [],
            prints: prints)
        members += try exports.protocols()
        globals += imports.globals + exports.globals
        stubs += exports.stubs
        let documentation = Documentation.lines(model.namespaces[0].documentation)
        return namespace(
            guest.names.world, members,
            documentation.isEmpty ? ["The world `\(model.qualifiedName)`."] : documentation)
    }

    private func interface(
        _ index: Int, _ globals: inout [SwiftDeclaration], _ stubs: inout [SwiftDeclaration]
    ) throws(BindgenError) -> SwiftDeclaration {
        let writer = GuestScope(guest: guest, scope: model.scope(index))
        var members = try writer.typeDeclarations()
        if writer.scope.direction == .imported {
            var imports = ImportWriter(writer)
            let (functions, classes) = try imports.members()
            members += classes + functions
            globals += imports.globals
        } else {
            var exports = ExportWriter(writer, writer.namespace.functions, writer.namespace.resources, prints: prints)
            members += try exports.protocols()
            globals += exports.globals
            stubs += exports.stubs
        }
        var documentation = Documentation.lines(writer.namespace.documentation)
        if documentation.isEmpty { documentation = ["The interface `\(writer.namespace.externName ?? "")`."] }
        return namespace(guest.names.namespaces[index], members, documentation)
    }

    /// Types that only some worlds need: lengths of lists, codecs of tuples.
    private func helpers() throws(BindgenError) -> [SwiftDeclaration] {
        let root = GuestScope(guest: guest, scope: .world)
        var codecs: [SwiftDeclaration] = []
        for tuple in guest.tuples {
            codecs.append(try GuestScope(guest: guest, scope: tuple.scope).tuple(tuple))
        }
        return guest.needs.fixedLengths.sorted().map { count in
            SwiftDeclaration(
                .type(
                    SwiftTypeDeclaration(
                        keyword: .enum, name: "Count\(count)", inherits: [root.library("FixedCount")],
                        members: [root.computed("count", root.library("Int"), .integer(count))])),
                documentation: ["The length of a `list<…, \(count)>`."], modifiers: guest.access)
        } + codecs
    }
}
