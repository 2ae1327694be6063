// SPDX-License-Identifier: Apache-2.0

/// What a ``TypeDefinition`` defines. (Binary.md, `defvaltype`; Explainer.md, "Type Definitions")
public enum TypeKind: Hashable, Sendable {
    case record([Field])
    case variant([Case])
    case flags([Label])
    case `enum`([Label])
    case tuple([ValueType])
    case option(ValueType)
    case result(ok: ValueType?, error: ValueType?)
    case list(ValueType)
    case fixedLengthList(ValueType, count: UInt32)
    case map(key: ValueType, value: ValueType)
    case stream(ValueType?)
    case future(ValueType?)
    /// A handle that owns a resource; the identifier is that of a ``TypeKind/resource``, perhaps behind aliases.
    case own(TypeID)
    /// A handle that is lent for the time of a call.
    case borrow(TypeID)
    case resource
    /// Another name for a type (`type a = b;`, `use i.{a}`).
    case alias(ValueType)
}

/// A field of a record.
public struct Field: Hashable, Sendable {
    /// The label, in kebab-case.
    public var name: String
    /// The type of the field's values.
    public var type: ValueType
    /// The WIT comment, without its slashes.
    public var documentation: String?

    /// Makes a field.
    public init(name: String, type: ValueType, documentation: String? = nil) {
        self.name = name
        self.type = type
        self.documentation = documentation
    }
}

/// A case of a variant.
public struct Case: Hashable, Sendable {
    /// The label, in kebab-case.
    public var name: String
    /// The type of the payload, if the case has one.
    public var type: ValueType?
    /// The WIT comment, without its slashes.
    public var documentation: String?

    /// Makes a case.
    public init(name: String, type: ValueType? = nil, documentation: String? = nil) {
        self.name = name
        self.type = type
        self.documentation = documentation
    }
}

/// A flag of a flags type, or a case of an enum.
public struct Label: Hashable, Sendable {
    /// The label, in kebab-case.
    public var name: String
    /// The WIT comment, without its slashes.
    public var documentation: String?

    /// Makes a label.
    public init(name: String, documentation: String? = nil) {
        self.name = name
        self.documentation = documentation
    }
}

extension TypeKind {
    /// The type that an alias is another name for.
    package var aliased: ValueType? {
        if case .alias(let target) = self { target } else { nil }
    }

    /// The same kind with other types in it: `value` gives those of values, `handle` the resources of handles.
    package func mapped(
        value: (ValueType) throws -> ValueType, handle: (TypeID) throws -> TypeID
    ) rethrows -> TypeKind {
        switch self {
        case .flags, .enum, .resource: return self
        case .record(var fields):
            for index in fields.indices { fields[index].type = try value(fields[index].type) }
            return .record(fields)
        case .variant(var cases):
            for index in cases.indices { cases[index].type = try cases[index].type.map(value) }
            return .variant(cases)
        case .tuple(let elements): return .tuple(try elements.map(value))
        case .option(let type): return .option(try value(type))
        case .result(let ok, let error):
            let success = try ok.map(value)
            return .result(ok: success, error: try error.map(value))
        case .list(let type): return .list(try value(type))
        case .fixedLengthList(let type, let count): return .fixedLengthList(try value(type), count: count)
        case .map(let key, let item):
            let first = try value(key)
            return .map(key: first, value: try value(item))
        case .stream(let type): return .stream(try type.map(value))
        case .future(let type): return .future(try type.map(value))
        case .own(let id): return .own(try handle(id))
        case .borrow(let id): return .borrow(try handle(id))
        case .alias(let type): return .alias(try value(type))
        }
    }

    /// The parts of this kind and of `other` side by side, those of handles included; `nil` when the kinds differ in more than
    /// their parts: in form, labels or length.
    package func paired(with other: TypeKind) -> [(ValueType?, ValueType?)]? {
        func pairs(_ one: [ValueType?], _ other: [ValueType?]) -> [(ValueType?, ValueType?)]? {
            one.count == other.count ? Array(zip(one, other)) : nil
        }
        switch (self, other) {
        case (.record(let a), .record(let b)):
            return a.map(\.name) == b.map(\.name) ? pairs(a.map(\.type), b.map(\.type)) : nil
        case (.variant(let a), .variant(let b)):
            return a.map(\.name) == b.map(\.name) ? pairs(a.map(\.type), b.map(\.type)) : nil
        case (.flags(let a), .flags(let b)), (.enum(let a), .enum(let b)):
            return a.map(\.name) == b.map(\.name) ? [] : nil
        case (.tuple(let a), .tuple(let b)): return pairs(a, b)
        case (.option(let a), .option(let b)), (.list(let a), .list(let b)), (.alias(let a), .alias(let b)):
            return [(a, b)]
        case (.fixedLengthList(let a, let m), .fixedLengthList(let b, let n)): return m == n ? [(a, b)] : nil
        case (.result(let ok, let error), .result(let ok2, let error2)): return [(ok, ok2), (error, error2)]
        case (.map(let key, let value), .map(let key2, let value2)): return [(key, key2), (value, value2)]
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)): return [(a, b)]
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)): return [(.defined(a), .defined(b))]
        case (.resource, .resource): return []
        default: return nil
        }
    }

    /// The types that values, elements and payloads of the type have, in order.
    package var parts: [ValueType] {
        switch self {
        case .record(let fields): fields.map(\.type)
        case .variant(let cases): cases.compactMap(\.type)
        case .tuple(let elements): elements
        case .option(let type), .list(let type), .fixedLengthList(let type, _), .alias(let type): [type]
        case .stream(let type), .future(let type): [type].compactMap { $0 }
        case .result(let ok, let error): [ok, error].compactMap { $0 }
        case .map(let key, let value): [key, value]
        case .flags, .enum, .resource, .own, .borrow: []
        }
    }
}
