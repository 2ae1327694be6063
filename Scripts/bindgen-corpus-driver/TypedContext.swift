// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport

/// A type that holds handles: its values are made piece by piece, not by way of memory.
protocol Handled {
    static func make(_ value: Value, _ context: TypedContext) throws -> Self
    func dynamic(_ context: TypedContext) throws -> Value
}

/// An object of the host behind one of the bindings' protocols.
protocol TypedObject: AnyObject {
    var resource: Resource { get }
}

/// Turns dynamic values into those of one world's bindings and back.
final class TypedContext {
    /// What the host does.
    let host: CallHost
    /// The exported interfaces, which resources of the component belong to.
    var interfaces: [any GuestInterface] = []
    /// What makes an object of the host, by its protocol.
    var makers: [ObjectIdentifier: (Resource, TypedHost) -> Any] = [:]
    /// The classes of the component's resources, once one has been seen.
    private var classes: [ResourceType: any GuestResource.Type] = [:]

    init(_ host: CallHost) { self.host = host }

    // MARK: Values

    /// Checks that there are as many arguments as parameters.
    func check(_ arguments: [Value], count: Int) throws {
        guard arguments.count == count else { throw CaseFailure("\(arguments.count) arguments for \(count)") }
    }

    /// The one value that typed functions take, as arguments.
    func values<T>(_ arguments: T, count: Int) throws -> [Value] {
        guard count > 0, let value = try dynamic(arguments) else { return [] }
        guard count > 1, case .tuple(let values) = value else { return [value] }
        return values
    }

    /// A dynamic value as one of a generated type.
    func typed<T>(_ value: Value?, _ type: T.Type = T.self) throws -> T {
        guard let shape = (T.self as? any ComponentTyped.Type)?.shape else { throw Self.strange(type) }
        let made: Any
        if !shape.holdsHandles {
            guard let liftable = T.self as? any Liftable.Type else { throw Self.strange(type) }
            made = try TypedConversion.typed(value, liftable)
        } else if let guest = T.self as? any GuestResource.Type {
            made = try self.guest(value.handle(), guest)
        } else if let handled = T.self as? any Handled.Type, let value {
            made = try handled.make(value, self)
        } else {
            throw Self.strange(type)
        }
        guard let result = made as? T else { throw Self.strange(type) }
        return result
    }

    /// A value of a generated type as a dynamic one.
    func dynamic<T>(_ typed: T) throws -> Value? {
        guard let shape = (T.self as? any ComponentTyped.Type)?.shape else { throw Self.strange(T.self) }
        if !shape.holdsHandles {
            guard let type = T.self as? any Lowerable.Type else { throw Self.strange(T.self) }
            return try plain(typed, type)
        }
        // By the type and not by the value, which might be an option with one of these in it.
        if T.self is any GuestResource.Type, let guest = typed as? any GuestResource {
            classes[guest.resource.type] = Swift.type(of: guest)
            return .resource(guest.resource)
        }
        guard let type = T.self as? any Handled.Type else { throw Self.strange(T.self) }
        return try dynamic(typed, type)
    }

    private func dynamic<T: Handled>(_ value: Any, _ type: T.Type) throws -> Value {
        guard let value = value as? T else { throw Self.strange(type) }
        return try value.dynamic(self)
    }

    private func plain<T: Lowerable>(_ value: Any, _ type: T.Type) throws -> Value? {
        guard let value = value as? T else { throw Self.strange(type) }
        return try TypedConversion.value(value)
    }

    /// A value that cannot be missing.
    func part<T>(_ typed: T) throws -> Value {
        guard let value = try dynamic(typed) else { throw CaseFailure("a value is missing") }
        return value
    }

    /// A field of a record.
    func field<T>(_ name: String, _ typed: T) throws -> RecordField { RecordField(name: name, value: try part(typed)) }

    // MARK: Handles

    private func guest<Guest: GuestResource>(_ resource: Resource, _ type: Guest.Type) throws -> Guest {
        for case let interface as Guest.Interface in interfaces {
            return Guest(resource: resource, interface: interface)
        }
        throw CaseFailure("there is no interface for `\(type)`")
    }

    /// The object of the host that `resource` is.
    func object<Interface>(_ resource: Resource, _ type: Interface.Type) throws -> Interface {
        guard let make = makers[ObjectIdentifier(type)],
            let object = make(resource, TypedHost(self)) as? Interface
        else { throw CaseFailure("the host has no class for `\(type)`") }
        return object
    }

    /// The object of the host for a resource that is given away: from now on it is all that owns the resource.
    func owned<Interface>(_ resource: Resource, _ type: Interface.Type) throws -> Interface {
        let rep = try resource.take()
        return try object(host.resources.make(resource.type, rep: rep), type)
    }

    /// Drops a handle, as one who uses the bindings does.
    func drop(_ resource: Resource) throws {
        guard let type = classes[resource.type] else { return try resource.drop() }
        try guest(resource, type).close()
    }

    private static func strange(_ type: Any.Type) -> CaseFailure { CaseFailure("no conversion for `\(type)`") }
}

/// What functions of the bindings' `Imports` and of their host resources do.
struct TypedHost {
    // Weak for the sake of objects that the host keeps.
    private weak var context: TypedContext?

    init(_ context: TypedContext) { self.context = context }

    func answer<P, R>(_ key: String, _ count: Int, _ arguments: P, _ type: R.Type) throws -> R {
        guard let context else { throw CaseFailure("the world is gone") }
        return try context.typed(try context.host.answer(key, try context.values(arguments, count: count)))
    }
}

extension TypeShape {
    /// Whether its values hold handles.
    var holdsHandles: Bool {
        switch self {
        case .own, .borrow: true
        case .list(let type), .fixedLengthList(let type, _), .option(let type): type.holdsHandles
        case .map(let key, let value): key.holdsHandles || value.holdsHandles
        case .record(let fields): fields.contains { $0.shape.holdsHandles }
        case .tuple(let parts): parts.contains(where: \.holdsHandles)
        case .variant(let cases): cases.contains { $0.shape?.holdsHandles ?? false }
        case .result(let ok, let error): (ok?.holdsHandles ?? false) || (error?.holdsHandles ?? false)
        default: false
        }
    }
}
