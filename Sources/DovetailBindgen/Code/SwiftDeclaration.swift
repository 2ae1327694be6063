// SPDX-License-Identifier: Apache-2.0

/// A Swift source file.
package struct SwiftFile {
    /// Comment lines at the top, without slashes.
    package var header: [String] = []
    package var imports: [SwiftImport] = []
    package var declarations: [SwiftDeclaration] = []

    package init() {}
}

/// An import of a module.
package struct SwiftImport {
    package let modifiers: [String]
    package let module: String

    package init(modifiers: [String], module: String) {
        self.modifiers = modifiers
        self.module = module
    }
}

/// A declaration.
package struct SwiftDeclaration {
    package indirect enum Kind {
        case type(SwiftTypeDeclaration)
        case `extension`(SwiftType, [SwiftType], where: [SwiftGeneric], [SwiftDeclaration])
        case function(SwiftFunction)
        case variable(SwiftVariable)
        case alias(String, SwiftType)
        /// A case of an enum with its payload.
        case enumCase(String, [SwiftType])
        case deinitializer([SwiftStatement])
        case associatedType(String, SwiftType)
    }

    /// The lines of the doc comment.
    package var documentation: [String] = []
    /// Attributes on lines of their own.
    package var attributes: [String] = []
    /// What stands in front of the keyword.
    package var modifiers: [String] = []
    package var kind: Kind

    package init(
        _ kind: Kind, documentation: [String] = [], attributes: [String] = [], modifiers: [String] = []
    ) {
        self.documentation = documentation
        self.attributes = attributes
        self.modifiers = modifiers
        self.kind = kind
    }

    /// An extension of `type` that only holds `members`.
    package static func `extension`(_ type: SwiftType, _ members: [SwiftDeclaration]) -> SwiftDeclaration {
        SwiftDeclaration(.extension(type, [], where: [], members))
    }
}

/// A struct, enum, class or protocol.
package struct SwiftTypeDeclaration {
    package enum Keyword: String {
        case `struct`, `enum`, `class`, `protocol`
    }

    package let keyword: Keyword
    package var name: String
    package let generics: [SwiftGeneric]
    /// The superclass and protocols.
    package let inherits: [SwiftType]
    package let members: [SwiftDeclaration]

    package init(
        keyword: Keyword, name: String, generics: [SwiftGeneric] = [], inherits: [SwiftType] = [],
        members: [SwiftDeclaration] = []
    ) {
        self.keyword = keyword
        self.name = name
        self.generics = generics
        self.inherits = inherits
        self.members = members
    }
}

/// A generic parameter, or a condition on one: a name and what it conforms to.
package struct SwiftGeneric {
    package var name: String
    package let bound: SwiftType

    package var text: String { "\(name): \(bound.text)" }
}

/// A function or initializer; without a body it is a requirement.
package struct SwiftFunction {
    /// `init` for an initializer.
    package var name: String
    package var generics: [SwiftGeneric]
    package var parameters: [SwiftParameter]
    package let effects: SwiftEffects
    package var result: SwiftType?
    package var body: [SwiftStatement]?

    package init(
        name: String, generics: [SwiftGeneric] = [], parameters: [SwiftParameter] = [],
        effects: SwiftEffects = SwiftEffects(), result: SwiftType? = nil, body: [SwiftStatement]? = nil
    ) {
        self.name = name
        self.generics = generics
        self.parameters = parameters
        self.effects = effects
        self.result = result
        self.body = body
    }

    package var isInitializer: Bool { name == "init" }
}

/// A parameter of a function.
package struct SwiftParameter {
    /// How arguments are labelled.
    package enum Label {
        /// By the parameter's name.
        case name
        /// Not at all.
        case none
        /// By a word of its own.
        case word(String)
    }

    package let label: Label
    package var name: String
    /// What stands in front of the type: `inout`, `@escaping`.
    package let modifiers: [String]
    package var type: SwiftType
    package var initial: SwiftExpression?

    package init(
        _ label: Label, _ name: String, _ modifiers: [String], _ type: SwiftType, initial: SwiftExpression? = nil
    ) {
        self.label = label
        self.name = name
        self.modifiers = modifiers
        self.type = type
        self.initial = initial
    }

    package init(_ label: Label, _ name: String, _ type: SwiftType) { self.init(label, name, [], type) }

    package init(_ name: String, _ type: SwiftType, initial: SwiftExpression? = nil) {
        self.init(.name, name, [], type, initial: initial)
    }
}

/// A property.
package struct SwiftVariable {
    package enum Storage {
        case `let`, `var`
        /// Computed; without a body it is a requirement.
        case computed(SwiftEffects, [SwiftStatement]?)
    }

    package var name: String
    /// `nil` when it is that of the initial value.
    package var type: SwiftType?
    package let storage: Storage
    package var initial: SwiftExpression?

    package init(name: String, type: SwiftType? = nil, storage: Storage, initial: SwiftExpression? = nil) {
        self.name = name
        self.type = type
        self.storage = storage
        self.initial = initial
    }
}
