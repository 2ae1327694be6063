// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// The syntax tree of a WIT text: names as they are written, nothing looked up. (WIT.md, "Lexical structure")
package enum WITSyntax {
    /// A name with its place.
    package struct Identifier: Sendable {
        /// The name without `%`.
        package var name: String
        /// Where it stands.
        package let span: SourceSpan
    }

    /// The comment before an item.
    package struct Documentation: Sendable {
        /// The text without slashes and common indentation.
        package let text: String
        /// Where it stands.
        package let span: SourceSpan
    }

    /// An attribute such as `@since(version = 1.0.0)`; its place is the word behind `@`.
    package struct Attribute: Sendable {
        package enum Kind: Sendable {
            case since(SemanticVersion)
            case unstable(feature: String)
            case deprecated(SemanticVersion)
            case externalID(String)
        }

        /// What it says.
        package var kind: Kind
        /// Where it stands.
        package let span: SourceSpan
    }

    /// A WIT file.
    package struct File: Sendable {
        /// The index in the source map.
        package let file: Int
        /// The `package` line.
        package var package: PackageHeader?
        /// The items, nested packages included.
        package let items: [Item]
        /// All tokens with comments and white space.
        package let tokens: [WITToken]
    }

    /// `package ns:name@1.0.0`.
    package struct PackageHeader: Sendable {
        package var documentation: Documentation?
        package var name: PackageName
        package let span: SourceSpan
    }

    /// What stands at the top of a file.
    package indirect enum Item: Sendable {
        case use(TopLevelUse)
        case interface(InterfaceItem)
        case world(WorldDeclaration)
        case package(NestedPackage)
    }

    /// `package ns:name { … }`.
    package struct NestedPackage: Sendable {
        package let header: PackageHeader
        package let items: [Item]
    }

    /// The name of an interface or world, perhaps with its package.
    package struct UsePath: Sendable {
        /// The package and its place, `nil` for an item of the same package or file.
        package var package: PackageName?
        package let packageSpan: SourceSpan
        package var item: Identifier

        /// The place of the whole path.
        package var span: SourceSpan {
            SourceSpan(file: item.span.file, start: packageSpan.start, end: item.span.end)
        }
    }

    /// `use path as name;` at the top of a file.
    package struct TopLevelUse: Sendable {
        package let attributes: [Attribute]
        package let path: UsePath
        package var alias: Identifier?
        package let span: SourceSpan
    }

    /// `interface name { … }`.
    package struct InterfaceItem: Sendable {
        package var documentation: Documentation?
        package let attributes: [Attribute]
        package var name: Identifier
        package let items: [InterfaceMember]
    }

    /// What stands in an interface.
    package indirect enum InterfaceMember: Sendable {
        case use(Use)
        case type(TypeDeclaration)
        case function(FunctionItem)
    }

    /// A name in braces, perhaps with another one: `a as b`.
    package struct Renaming: Sendable {
        package var name: Identifier
        package var alias: Identifier?

        /// The name that is defined.
        package var local: Identifier { alias ?? name }
    }

    /// `use path.{a, b as c};`.
    package struct Use: Sendable {
        package let attributes: [Attribute]
        package let path: UsePath
        package let names: [Renaming]
    }

    /// `world name { … }`.
    package struct WorldDeclaration: Sendable {
        package var documentation: Documentation?
        package let attributes: [Attribute]
        package var name: Identifier
        package let items: [WorldMember]
    }

    /// What stands in a world.
    package indirect enum WorldMember: Sendable {
        case `import`(Extern)
        case export(Extern)
        case use(Use)
        case type(TypeDeclaration)
        case include(Include)
    }

    /// An import or export.
    package struct Extern: Sendable {
        package indirect enum Kind: Sendable {
            case function(Identifier, Function)
            case inline(Identifier, [InterfaceMember])
            case path(UsePath)
            case namedPath(Identifier, UsePath)
        }

        package var documentation: Documentation?
        package let attributes: [Attribute]
        package var kind: Kind

        /// The place of the name.
        package var span: SourceSpan {
            switch kind {
            case .function(let name, _), .inline(let name, _), .namedPath(let name, _): name.span
            case .path(let path): path.span
            }
        }
    }

    /// `include path with { a as b };`.
    package struct Include: Sendable {
        package let attributes: [Attribute]
        package let path: UsePath
        package let names: [Renaming]
    }

    /// `name: func(…) -> …;` with what stands before it.
    package struct FunctionItem: Sendable {
        package var documentation: Documentation?
        package let attributes: [Attribute]
        package var name: Identifier
        package let function: Function
    }

    /// The type of a function.
    package struct Function: Sendable {
        package let isAsync: Bool
        package var role: FunctionDefinition.Role
        package var parameters: [Parameter]
        package var result: TypeReference?
        /// The place of `func`, `get` or `set`.
        package let span: SourceSpan
    }

    /// A parameter or record field.
    package struct Parameter: Sendable {
        package var documentation: Documentation?
        package var name: Identifier
        package var type: TypeReference
    }

    /// `type`, `record`, `variant`, `enum`, `flags` or `resource`.
    package struct TypeDeclaration: Sendable {
        package var documentation: Documentation?
        package let attributes: [Attribute]
        package var name: Identifier
        package let body: TypeBody
        /// The place of the keyword.
        package let span: SourceSpan
    }

    /// What a type declaration says.
    package enum TypeBody: Sendable {
        case alias(TypeReference)
        case record([Parameter])
        case variant([VariantCase])
        case `enum`([LabelItem])
        case flags([LabelItem])
        case resource([ResourceMember])
    }

    /// A case of a variant.
    package struct VariantCase: Sendable {
        package var documentation: Documentation?
        package var name: Identifier
        package var type: TypeReference?
    }

    /// A case of an enum, or a flag.
    package struct LabelItem: Sendable {
        package var documentation: Documentation?
        package var name: Identifier
    }

    /// A function of a resource.
    package struct ResourceMember: Sendable {
        package enum Kind: Sendable {
            case method, `static`, constructor
        }

        package var kind: Kind
        package var item: FunctionItem
    }

    /// A type where one is used.
    package struct TypeReference: Sendable {
        package indirect enum Kind: Sendable {
            case primitive(ValueType)
            case name(Identifier)
            case list(TypeReference)
            case fixedLengthList(TypeReference, count: UInt32)
            case map(TypeReference, TypeReference)
            case tuple([TypeReference])
            case option(TypeReference)
            case result(ok: TypeReference?, error: TypeReference?)
            case future(TypeReference?)
            case stream(TypeReference?)
            case own(Identifier)
            case borrow(Identifier)
        }

        package var kind: Kind
        package let span: SourceSpan
    }
}
