// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport

// Conversions of the types that may hold handles; those of the bindings themselves are generated.

extension HostOwn: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        HostOwn(try context.owned(value.handle(), Interface.self))
    }

    func dynamic(_ context: TypedContext) throws -> Value { try .host(object) }
}

extension HostBorrow: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        HostBorrow(try context.object(value.handle(), Interface.self))
    }

    func dynamic(_ context: TypedContext) throws -> Value { try .host(object) }
}

extension GuestBorrow: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self { GuestBorrow(try context.typed(value)) }
    func dynamic(_ context: TypedContext) throws -> Value { try context.part(object) }
}

extension Array: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        guard case .list(let list) = value else { throw value.unexpected("a list") }
        return try list.elements.map { try context.typed($0) }
    }

    func dynamic(_ context: TypedContext) throws -> Value { .list(try map { try context.part($0) }) }
}

extension FixedLengthList: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        guard let list = Self(try [Element].make(value, context)) else { throw value.unexpected("another length") }
        return list
    }

    func dynamic(_ context: TypedContext) throws -> Value { try elements.dynamic(context) }
}

extension Optional: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        guard case .option(let payload) = value else { throw value.unexpected("an option") }
        return try payload.map { try context.typed($0) }
    }

    func dynamic(_ context: TypedContext) throws -> Value { .option(try map { try context.part($0) }) }
}

extension Result: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        switch value {
        case .ok(let payload): return .success(try context.typed(payload))
        case .error(let payload): return .failure(try context.typed(payload))
        default: throw value.unexpected("a result")
        }
    }

    func dynamic(_ context: TypedContext) throws -> Value {
        switch self {
        case .success(let payload): .ok(try context.dynamic(payload))
        case .failure(let payload): .error(try context.dynamic(payload))
        }
    }
}

extension ResultError: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self { Self(try context.typed(value)) }
    func dynamic(_ context: TypedContext) throws -> Value { try context.part(payload) }
}

extension Tuple2: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        let parts = try value.parts(2)
        return Self(try context.typed(parts[0]), try context.typed(parts[1]))
    }

    func dynamic(_ context: TypedContext) throws -> Value { .tuple([try context.part(v0), try context.part(v1)]) }
}

extension Tuple3: Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self {
        let parts = try value.parts(3)
        return Self(try context.typed(parts[0]), try context.typed(parts[1]), try context.typed(parts[2]))
    }

    func dynamic(_ context: TypedContext) throws -> Value {
        .tuple([try context.part(v0), try context.part(v1), try context.part(v2)])
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
