// SPDX-License-Identifier: Apache-2.0

@_spi(Bindings) import Dovetail
import DovetailABI
import DovetailTestSupport

typealias Dynamic = Value

/// A codec of values that hold handles: they are made piece by piece, not by way of memory.
protocol HandledCodec: ComponentCodec {
    static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> Value
    static func dynamic(_ value: Value, _ context: TypedContext) throws -> Dynamic
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
    func values<Codec: ComponentCodec>(_ arguments: Codec.Value, _ codec: Codec.Type, count: Int) throws -> [Dynamic] {
        guard count > 0, let value = try dynamic(arguments, codec) else { return [] }
        guard count > 1, case .tuple(let values) = value else { return [value] }
        return values
    }

    /// A dynamic value as one that a codec carries.
    func typed<Codec: ComponentCodec>(_ value: Dynamic?, _ codec: Codec.Type) throws -> Codec.Value {
        if !Codec.shape.holdsHandles { return try TypedConversion.typed(value, codec) }
        guard let handled = codec as? any HandledCodec.Type, let value else { throw Self.strange(codec) }
        return try make(handled, value)
    }

    private func make<Handled: HandledCodec, Result>(_ handled: Handled.Type, _ value: Dynamic) throws -> Result {
        Self.same(try Handled.make(value, self))
    }

    /// A value that a codec carries as a dynamic one.
    func dynamic<Codec: ComponentCodec>(_ value: Codec.Value, _ codec: Codec.Type) throws -> Dynamic? {
        if !Codec.shape.holdsHandles { return try TypedConversion.value(value, codec) }
        guard let handled = codec as? any HandledCodec.Type else { throw Self.strange(codec) }
        return try take(handled, value)
    }

    private func take<Handled: HandledCodec, Given>(_ handled: Handled.Type, _ value: Given) throws -> Dynamic {
        try Handled.dynamic(Self.same(value), self)
    }

    /// A value under another name of its type: casts lose themselves in optionals and tuples.
    private static func same<A, B>(_ value: A) -> B {
        precondition(A.self == B.self)
        return withUnsafePointer(to: value) { UnsafeRawPointer($0).assumingMemoryBound(to: B.self).pointee }
    }

    /// A value that cannot be missing.
    func part<Codec: ComponentCodec>(_ value: Codec.Value, _ codec: Codec.Type) throws -> Dynamic {
        guard let value = try dynamic(value, codec) else { throw CaseFailure("a value is missing") }
        return value
    }

    /// A field of a record.
    func field<Codec: ComponentCodec>(
        _ name: String, _ value: Codec.Value, _ codec: Codec.Type
    ) throws -> RecordField { RecordField(name: name, value: try part(value, codec)) }

    // MARK: Handles

    func guest<Guest: GuestResource>(_ resource: Resource, _ type: Guest.Type) throws -> Guest {
        for case let interface as Guest.Interface in interfaces {
            return Guest(resource: resource, interface: interface)
        }
        throw CaseFailure("there is no interface for `\(type)`")
    }

    /// The handle of an object of the component.
    func handle<Guest: GuestResource>(of guest: Guest) -> Dynamic {
        classes[guest.resource.type] = Guest.self
        return .resource(guest.resource)
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

    func answer<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ key: String, _ count: Int, _ arguments: Parameters.Value, _ parameters: Parameters.Type, _ result: Output.Type
    ) throws -> Output.Value {
        guard let context else { throw CaseFailure("the world is gone") }
        let values = try context.values(arguments, parameters, count: count)
        return try context.typed(try context.host.answer(key, values), result)
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
