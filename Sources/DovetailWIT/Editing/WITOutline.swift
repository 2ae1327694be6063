// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
package import DovetailWITReader

/// Something that a WIT file defines, with what is defined inside of it: what an editor shows beside the text.
///
/// It comes from the syntax tree, so there is one for texts with mistakes, too.
package struct WITOutline: Sendable {
    /// What is defined.
    package enum Kind: Sendable {
        case package, interface, world, `import`, export, use
        case type, record, variant, `enum`, flags, resource
        case function, field, `case`, flag
    }

    /// What is defined.
    package var kind: Kind
    /// Its name, without `%`; `constructor` for a constructor.
    package var name: String
    /// The place of the name.
    package let nameSpan: SourceSpan
    /// What is inside, in the order of the text.
    package let children: [WITOutline]

    private init(_ kind: Kind, _ name: String, _ nameSpan: SourceSpan, _ children: [WITOutline]) {
        self.kind = kind
        self.name = name
        self.nameSpan = nameSpan
        self.children = children
    }

    private init(_ kind: Kind, _ name: WITSyntax.Identifier, _ children: [WITOutline] = []) {
        self.init(kind, name.name, name.span, children)
    }

    /// What `file` defines, in the order of the text.
    package static func items(of file: WITSyntax.File) -> [WITOutline] { items(file.items) }

    private static func items(_ items: [WITSyntax.Item]) -> [WITOutline] {
        items.compactMap { item in
            switch item {
            case .use(let use): use.alias.map { WITOutline(.use, $0) }
            case .interface(let interface): WITOutline(.interface, interface.name, members(interface.items))
            case .world(let world): WITOutline(.world, world.name, world.items.flatMap(member))
            case .package(let package):
                WITOutline(
                    .package, package.header.name.description, package.header.span, self.items(package.items))
            }
        }
    }

    private static func members(_ members: [WITSyntax.InterfaceMember]) -> [WITOutline] {
        members.flatMap { member -> [WITOutline] in
            switch member {
            case .use(let use): names(of: use)
            case .type(let type): [declaration(type)]
            case .function(let function): [WITOutline(.function, function.name)]
            }
        }
    }

    private static func names(of use: WITSyntax.Use) -> [WITOutline] {
        use.names.compactMap { $0.alias.map { WITOutline(.use, $0) } }
    }

    private static func member(_ member: WITSyntax.WorldMember) -> [WITOutline] {
        switch member {
        case .import(let item): extern(.import, item)
        case .export(let item): extern(.export, item)
        case .use(let use): names(of: use)
        case .type(let type): [declaration(type)]
        case .include(let include): include.names.compactMap { $0.alias.map { WITOutline(.use, $0) } }
        }
    }

    private static func extern(_ kind: Kind, _ item: WITSyntax.Extern) -> [WITOutline] {
        switch item.kind {
        case .function(let name, _): [WITOutline(kind, name)]
        case .inline(let name, let items): [WITOutline(kind, name, members(items))]
        case .namedPath(let name, _): [WITOutline(kind, name)]
        case .path: []
        }
    }

    private static func declaration(_ type: WITSyntax.TypeDeclaration) -> WITOutline {
        switch type.body {
        case .alias: WITOutline(.type, type.name)
        case .record(let fields): WITOutline(.record, type.name, fields.map { WITOutline(.field, $0.name) })
        case .variant(let cases): WITOutline(.variant, type.name, cases.map { WITOutline(.case, $0.name) })
        case .enum(let cases): WITOutline(.enum, type.name, cases.map { WITOutline(.case, $0.name) })
        case .flags(let labels): WITOutline(.flags, type.name, labels.map { WITOutline(.flag, $0.name) })
        case .resource(let members):
            WITOutline(.resource, type.name, members.map { WITOutline(.function, $0.item.name) })
        }
    }
}
