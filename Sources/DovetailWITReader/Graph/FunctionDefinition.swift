// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// The type of a function, with its name and what it belongs to. (WIT.md, "WIT Functions", "Item: `resource`")
public struct FunctionDefinition: Sendable {
    /// A parameter.
    public struct Parameter: Hashable, Sendable {
        /// The label, in kebab-case.
        public var name: String
        /// The type of the argument.
        public var type: ValueType

        /// Makes a parameter.
        public init(name: String, type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// What a function belongs to.
    public enum Owner: Equatable, Sendable {
        case none
        case method(TypeID)
        case `static`(TypeID)
        case constructor(TypeID)

        /// The resource.
        public var resource: TypeID? {
            switch self {
            case .none: nil
            case .method(let id), .static(let id), .constructor(let id): id
            }
        }
    }

    /// Whether a function stands for reading or writing a property.
    public enum Role: Sendable {
        case plain, getter, setter
    }

    /// The name in a component: `f`, `[get]p`, `[method]r.f`, `[static][set]r.p`, `[constructor]r`.
    public var name: String
    /// The resource that the function belongs to, if any.
    public var owner: Owner
    /// Plain function, getter or setter.
    public var role: Role
    /// Whether the function may block. (Concurrency.md, "Summary")
    public let isAsync: Bool
    /// The parameters; a method's first is `self`.
    public var parameters: [Parameter]
    /// The result, if there is one.
    public var result: ValueType?
    /// The WIT comment, without its slashes.
    public var documentation: String?
    /// Since when, or behind which feature, the function exists.
    public var stability: Stability
    /// The name for the world outside, `@external-id("…")`.
    public var externalID: String?

    /// Makes a function.
    public init(
        name: String, owner: Owner = .none, role: Role = .plain, isAsync: Bool = false, parameters: [Parameter] = [],
        result: ValueType? = nil, documentation: String? = nil, stability: Stability = .unknown,
        externalID: String? = nil
    ) {
        self.name = name
        self.owner = owner
        self.role = role
        self.isAsync = isAsync
        self.parameters = parameters
        self.result = result
        self.documentation = documentation
        self.stability = stability
        self.externalID = externalID
    }

    /// The same function with other types: `value` gives those of parameters and result, `resource` that of the owner.
    package func mapped(value: (ValueType) -> ValueType, resource: (TypeID) -> TypeID) -> FunctionDefinition {
        var function = self
        switch owner {
        case .none: break
        case .method(let id): function.owner = .method(resource(id))
        case .static(let id): function.owner = .static(resource(id))
        case .constructor(let id): function.owner = .constructor(resource(id))
        }
        for index in parameters.indices { function.parameters[index].type = value(parameters[index].type) }
        function.result = result.map(value)
        return function
    }

    /// The name without its annotations and resource: `read` of `[method]blob.read`, `blob` of `[constructor]blob`.
    public var itemName: String {
        var rest = Substring(name)
        while rest.first == "[", let close = rest.firstIndex(of: "]") { rest = rest[rest.index(after: close)...] }
        if let dot = rest.firstIndex(of: ".") { rest = rest[rest.index(after: dot)...] }
        return String(rest)
    }
}
