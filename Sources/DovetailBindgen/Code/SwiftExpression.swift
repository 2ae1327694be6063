// SPDX-License-Identifier: Apache-2.0

/// An expression.
indirect enum SwiftExpression: Sendable {
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
struct SwiftArgument: Sendable {
    var label: String?
    var value: SwiftExpression

    init(_ label: String?, _ value: SwiftExpression) {
        self.label = label
        self.value = value
    }

    init(_ value: SwiftExpression) { self.init(nil, value) }
}

/// A closure behind the parentheses of a call.
struct SwiftClosure: Sendable {
    var parameters: [String] = []
    var body: [SwiftStatement]
}

extension SwiftExpression {
    static let this = SwiftExpression.name("self")

    /// A type's metatype: `T.self`.
    static func metatype(_ type: SwiftType) -> SwiftExpression { .member(.type(type), "self") }

    /// A value of `type`, made by an initializer.
    static func make(_ type: SwiftType, _ arguments: [SwiftArgument]) -> SwiftExpression {
        .call(.type(type), arguments)
    }

    func member(_ name: String) -> SwiftExpression { .member(self, name) }

    /// A call of the method `name`.
    func calling(_ name: String, _ arguments: [SwiftArgument] = []) -> SwiftExpression {
        .call(.member(self, name), arguments)
    }

    /// The expression with `await`, if it suspends, and `try` in front.
    func tried(awaiting isAsync: Bool = false) -> SwiftExpression { .try(isAsync ? .await(self) : self) }

    /// `transform` applied to what is tried: `try f()` becomes `try T(f())`.
    func underTry(_ transform: (SwiftExpression) -> SwiftExpression) -> SwiftExpression {
        switch self {
        case .try(let inner): .try(inner.underTry(transform))
        case .await(let inner): .await(inner.underTry(transform))
        default: transform(self)
        }
    }

    /// The closure that ends the expression.
    var trailingClosure: SwiftClosure? {
        switch self {
        case .try(let inner), .await(let inner): inner.trailingClosure
        case .call(_, _, let closure): closure
        default: nil
        }
    }
}
