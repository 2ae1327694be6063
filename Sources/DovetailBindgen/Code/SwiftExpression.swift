// SPDX-License-Identifier: Apache-2.0

/// An expression.
package indirect enum SwiftExpression: Sendable {
    /// A variable, function or keyword like `self`, as it is written.
    case name(String)
    case integer(Int)
    /// A string literal with this content.
    case string(String)
    case array([SwiftExpression])
    case tuple([SwiftExpression])
    /// A type, to make values of it or to name members of it.
    case type(SwiftType)
    case member(SwiftExpression, String)
    /// A member of the type that is expected: `.none`.
    case implicitMember(String)
    case call(SwiftExpression, [SwiftArgument], SwiftClosure? = nil)
    case element(SwiftExpression, at: SwiftExpression)
    case infix(SwiftExpression, String, SwiftExpression)
    /// `condition ? first : second`
    case choice(SwiftExpression, SwiftExpression, SwiftExpression)
    case parenthesized(SwiftExpression)
    case `inout`(SwiftExpression)
    case `try`(SwiftExpression)
    case await(SwiftExpression)
}

/// An argument of a call.
package struct SwiftArgument: Sendable {
    package var label: String?
    package var value: SwiftExpression

    package init(_ label: String?, _ value: SwiftExpression) {
        self.label = label
        self.value = value
    }

    package init(_ value: SwiftExpression) { self.init(nil, value) }
}

/// A closure behind the parentheses of a call.
package struct SwiftClosure: Sendable {
    package var parameters: [String]
    package let body: [SwiftStatement]

    package init(parameters: [String] = [], body: [SwiftStatement]) {
        self.parameters = parameters
        self.body = body
    }
}

extension SwiftExpression {
    package static let this = SwiftExpression.name("self")

    /// A type's metatype: `T.self`.
    package static func metatype(_ type: SwiftType) -> SwiftExpression { .member(.type(type), "self") }

    /// A value of `type`, made by an initializer.
    package static func make(_ type: SwiftType, _ arguments: [SwiftArgument]) -> SwiftExpression {
        .call(.type(type), arguments)
    }

    package func member(_ name: String) -> SwiftExpression { .member(self, name) }

    /// A call of the method `name`.
    package func calling(_ name: String, _ arguments: [SwiftArgument] = []) -> SwiftExpression {
        .call(.member(self, name), arguments)
    }

    /// The expression with `await`, if it suspends, and `try` in front.
    package func tried(awaiting isAsync: Bool = false) -> SwiftExpression { .try(isAsync ? .await(self) : self) }

    /// `transform` applied to what is tried: `try f()` becomes `try T(f())`.
    package func underTry(_ transform: (SwiftExpression) -> SwiftExpression) -> SwiftExpression {
        switch self {
        case .try(let inner): .try(inner.underTry(transform))
        case .await(let inner): .await(inner.underTry(transform))
        default: transform(self)
        }
    }

    /// The closure that ends the expression.
    package var trailingClosure: SwiftClosure? {
        switch self {
        case .try(let inner), .await(let inner): inner.trailingClosure
        case .call(_, _, let closure): closure
        default: nil
        }
    }
}
