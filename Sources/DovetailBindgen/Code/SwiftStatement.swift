// SPDX-License-Identifier: Apache-2.0

/// A statement.
package indirect enum SwiftStatement: Sendable {
    case expression(SwiftExpression)
    /// An expression that stays in one line, however long.
    case unbroken(SwiftExpression)
    /// A chain of calls, each link on a line of its own.
    case chain(SwiftExpression, [SwiftStatement.Link])
    case `let`(String, SwiftExpression)
    case `var`(String, SwiftExpression)
    case assign(SwiftExpression, SwiftExpression)
    case `return`(SwiftExpression)
    case `throw`(SwiftExpression)
    case `break`
    case `switch`(SwiftExpression, [SwiftCase])
    /// `do throws(…) { body } catch { handler }`
    case `do`(SwiftEffects, [SwiftStatement], catch: [SwiftStatement])

    /// A link of a chain: a member, or a call of it.
    package struct Link: Sendable {
        package let member: String
        package var arguments: [SwiftArgument]?

        package init(_ member: String, _ arguments: [SwiftArgument]? = nil) {
            self.member = member
            self.arguments = arguments
        }
    }

    /// What discards a value: `_ = value`.
    package static func discard(_ value: SwiftExpression) -> SwiftStatement { .assign(.name("_"), value) }
}

/// A case of a `switch` statement or expression.
package struct SwiftCase: Sendable {
    package enum Pattern: Sendable {
        case `default`
        case integer(Int)
        /// `.name`, and the name its payload is bound to.
        case member(String, binding: String?)
    }

    package enum Body: Sendable {
        case statements([SwiftStatement])
        /// The value of a `switch` expression, on the same line.
        case value(SwiftExpression)
    }

    package let pattern: Pattern
    package let body: Body

    package init(_ pattern: Pattern, _ statements: [SwiftStatement]) {
        self.pattern = pattern
        body = .statements(statements)
    }

    package init(_ pattern: Pattern, value: SwiftExpression) {
        self.pattern = pattern
        body = .value(value)
    }
}
