// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport

// Conversions of the values that may hold handles; those of the bindings themselves are generated.

extension HostOwnCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Interface {
        try context.owned(dynamic.handle(), Interface.self)
    }

    static func dynamic(_ value: Interface, _ context: TypedContext) throws -> Dynamic { try .host(value) }
}

extension HostBorrowCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Interface {
        try context.object(dynamic.handle(), Interface.self)
    }

    static func dynamic(_ value: Interface, _ context: TypedContext) throws -> Dynamic { try .host(value) }
}

extension GuestOwnCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        try context.guest(dynamic.handle(), Value.self)
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic { context.handle(of: value) }
}

extension GuestBorrowCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        try context.guest(dynamic.handle(), Value.self)
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic { context.handle(of: value) }
}

extension ListCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        guard case .list(let list) = dynamic else { throw dynamic.unexpected("a list") }
        return try list.elements.map { try context.typed($0, Element.self) }
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        .list(try value.map { try context.part($0, Element.self) })
    }
}

extension FixedLengthListCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        guard let list = Value(try ListCodec<Element>.make(dynamic, context)) else {
            throw dynamic.unexpected("another length")
        }
        return list
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        try ListCodec<Element>.dynamic(value.elements, context)
    }
}

extension OptionCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        guard case .option(let payload) = dynamic else { throw dynamic.unexpected("an option") }
        return try payload.map { try context.typed($0, Wrapped.self) }
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        .option(try value.map { try context.part($0, Wrapped.self) })
    }
}

extension ResultCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        switch dynamic {
        case .ok(let payload): return .success(try context.typed(payload, Success.self))
        case .error(let payload): return .failure(try context.typed(payload, Failure.self))
        default: throw dynamic.unexpected("a result")
        }
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        switch value {
        case .success(let payload): .ok(try context.dynamic(payload, Success.self))
        case .failure(let payload): .error(try context.dynamic(payload, Failure.self))
        }
    }
}

extension ResultErrorCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        ResultError(try context.typed(dynamic, Payload.self))
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        try context.part(value.payload, Payload.self)
    }
}

extension Tuple1Codec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        try context.typed(dynamic.parts(1)[0], A.self)
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        .tuple([try context.part(value, A.self)])
    }
}

extension Tuple2Codec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        let parts = try dynamic.parts(2)
        return (try context.typed(parts[0], A.self), try context.typed(parts[1], B.self))
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        .tuple([try context.part(value.0, A.self), try context.part(value.1, B.self)])
    }
}

extension Tuple3Codec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        let parts = try dynamic.parts(3)
        return (
            try context.typed(parts[0], A.self), try context.typed(parts[1], B.self),
            try context.typed(parts[2], C.self)
        )
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        .tuple([
            try context.part(value.0, A.self), try context.part(value.1, B.self), try context.part(value.2, C.self),
        ])
    }
}

extension TupleCodec: HandledCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value {
        var count = 0
        for _ in repeat (each Part).self { count += 1 }
        let parts = try dynamic.parts(count)
        var index = 0
        func next<Codec: ComponentCodec>(_ codec: Codec.Type) throws -> Codec.Value {
            defer { index += 1 }
            return try context.typed(parts[index], codec)
        }
        return (repeat try next((each Part).self))
    }

    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic {
        var parts: [Dynamic] = []
        repeat parts.append(try context.part(each value, (each Part).self))
        return .tuple(parts)
    }
}

extension Value {
    /// The handle to an object of the host.
    static func host(_ object: Any) throws -> Value {
        guard let object = object as? any TypedObject else { throw CaseFailure("an object of another class") }
        return .resource(object.resource)
    }

    /// The values of a tuple.
    func parts(_ count: Int) throws -> [Value] {
        guard case .tuple(let values) = self, values.count == count else { throw unexpected("\(count) values") }
        return values
    }

    /// The fields of a record.
    func fields() throws -> [String: Value] {
        guard case .record(let fields) = self else { throw unexpected("a record") }
        return Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The case of a variant.
    func variantCase() throws -> (String, Value?) {
        guard case .variant(let name, let payload) = self else { throw unexpected("a variant") }
        return (name, payload)
    }

    func unexpected(_ wanted: String) -> CaseFailure { CaseFailure("expected \(wanted), found \(kindName)") }
}

extension Value? {
    /// The handle in a value of a resource.
    func handle() throws -> Resource {
        guard let value = self else { throw CaseFailure("a handle is missing") }
        return try value.handle()
    }
}
