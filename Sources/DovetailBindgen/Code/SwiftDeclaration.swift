// SPDX-License-Identifier: Apache-2.0

/// A Swift source file.
struct SwiftFile {
    /// Comment lines at the top, without slashes.
    var header: [String] = []
    var imports: [SwiftImport] = []
    var declarations: [SwiftDeclaration] = []
}

/// An import of a module.
struct SwiftImport {
    var modifiers: [String]
    var module: String
}

/// A declaration.
struct SwiftDeclaration {
    indirect enum Kind {
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
    var documentation: [String] = []
    /// Attributes on lines of their own.
    var attributes: [String] = []
    /// What stands in front of the keyword.
    var modifiers: [String] = []
    var kind: Kind

    init(
        _ kind: Kind, documentation: [String] = [], attributes: [String] = [], modifiers: [String] = []
    ) {
        self.documentation = documentation
        self.attributes = attributes
        self.modifiers = modifiers
        self.kind = kind
    }

    /// An extension of `type` that only holds `members`.
    static func `extension`(_ type: SwiftType, _ members: [SwiftDeclaration]) -> SwiftDeclaration {
        SwiftDeclaration(.extension(type, [], where: [], members))
    }
}

/// A struct, enum, class or protocol.
struct SwiftTypeDeclaration {
    enum Keyword: String {
        case `struct`, `enum`, `class`, `protocol`
    }

    var keyword: Keyword
    var name: String
    var generics: [SwiftGeneric] = []
    /// The superclass and protocols.
    var inherits: [SwiftType] = []
    var members: [SwiftDeclaration] = []
}

/// A generic parameter, or a condition on one: a name and what it conforms to.
struct SwiftGeneric {
    var name: String
    var bound: SwiftType

    var text: String { "\(name): \(bound.text)" }
}

/// A function or initializer; without a body it is a requirement.
struct SwiftFunction {
    /// `init` for an initializer.
    var name: String
    var generics: [SwiftGeneric] = []
    var parameters: [SwiftParameter] = []
    var effects = SwiftEffects()
    var result: SwiftType?
    var body: [SwiftStatement]?

    var isInitializer: Bool { name == "init" }
}

/// A parameter of a function.
struct SwiftParameter {
    /// How arguments are labelled.
    enum Label {
        /// By the parameter's name.
        case name
        /// Not at all.
        case none
        /// By a word of its own.
        case word(String)
    }

    var label: Label
    var name: String
    /// What stands in front of the type: `inout`, `@escaping`.
    var modifiers: [String]
    var type: SwiftType
    var initial: SwiftExpression?

    init(
        _ label: Label, _ name: String, _ modifiers: [String], _ type: SwiftType, initial: SwiftExpression? = nil
    ) {
        self.label = label
        self.name = name
        self.modifiers = modifiers
        self.type = type
        self.initial = initial
    }

    init(_ label: Label, _ name: String, _ type: SwiftType) { self.init(label, name, [], type) }

    init(_ name: String, _ type: SwiftType, initial: SwiftExpression? = nil) {
        self.init(.name, name, [], type, initial: initial)
    }
}

/// A property.
struct SwiftVariable {
    enum Storage {
        case `let`, `var`
        /// Computed; without a body it is a requirement.
        case computed(SwiftEffects, [SwiftStatement]?)
    }

    var name: String
    /// `nil` when it is that of the initial value.
    var type: SwiftType?
    var storage: Storage
    var initial: SwiftExpression?
}
