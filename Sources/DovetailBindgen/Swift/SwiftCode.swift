// SPDX-License-Identifier: Apache-2.0

/// A Swift source file as a model: what the printer lays out.
struct SwiftFile {
    /// Comment lines at the top, without slashes.
    var header: [String] = []
    /// Import lines as they are written.
    var imports: [String] = []
    var declarations: [SwiftDeclaration] = []
}

/// What stands before the brace of a declaration; the parts say where a line may be broken.
struct SwiftHead {
    /// Up to and including an opening parenthesis, or the whole head when there are no items.
    var prefix: String
    /// Parameters or conformances.
    var items: [String] = []
    /// From the closing parenthesis on.
    var suffix = ""

    /// A head that is never broken.
    init(_ text: String) { prefix = text }

    /// A head with items between two texts, none of which is a bracket: the conditions of an extension.
    init(_ prefix: String, items: [String], suffix: String = "") {
        self.prefix = prefix
        self.items = items
        self.suffix = suffix
    }

    /// A function-like head: `prefix(items) suffix`.
    init(_ prefix: String, _ items: [String], _ suffix: String) {
        self.prefix = prefix + "("
        self.items = items
        self.suffix = ")" + suffix
    }
}

/// A declaration.
struct SwiftDeclaration {
    /// What stands between the braces.
    enum Body {
        case members([SwiftDeclaration])
        case statements([SwiftStatement])
    }

    /// The lines of the doc comment.
    var documentation: [String] = []
    /// Attributes on lines of their own.
    var attributes: [String] = []
    var head: SwiftHead
    /// `nil` for what has no braces: stored properties, cases, protocol requirements.
    var body: Body?

    init(_ head: SwiftHead, documentation: [String] = [], attributes: [String] = [], body: Body? = nil) {
        self.head = head
        self.documentation = documentation
        self.attributes = attributes
        self.body = body
    }

    init(_ text: String, documentation: [String] = [], attributes: [String] = [], body: Body? = nil) {
        self.init(SwiftHead(text), documentation: documentation, attributes: attributes, body: body)
    }

    /// Whether it may stand beside others of its kind without an empty line.
    var isCompact: Bool { body == nil && attributes.isEmpty }
}

/// A statement.
indirect enum SwiftStatement {
    case line(String)
    /// A call or list that may be broken between its items; the prefix ends with the opening bracket.
    case broken(String, [String], String)
    /// A statement with braces, and what follows the closing one (` catch`, ` else`).
    case block(SwiftHead, [SwiftStatement], [(String, [SwiftStatement])])
    /// A call with a trailing closure: `prefix(arguments) { parameters in … }`.
    case closureCall(String, [String], String, [SwiftStatement])
    /// Statements in a row.
    case group([SwiftStatement])
    /// A `case` of a `switch`, one level further out than its statements.
    case label(String, [SwiftStatement])
}

extension SwiftStatement {
    /// A call that may be broken between its arguments: `prefix(arguments)suffix`.
    static func call(_ prefix: String, _ arguments: [String], _ suffix: String = "") -> SwiftStatement {
        .broken(prefix + "(", arguments, ")" + suffix)
    }
}
