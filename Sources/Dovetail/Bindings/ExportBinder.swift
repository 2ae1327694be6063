// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// The world that bindings were generated for.
public struct WorldReference: Hashable, Sendable {
    /// The name, `ns:pkg/world@1.0.0`.
    public var name: String
    /// The command that generated the bindings.
    public var command: String

    /// Makes a reference.
    public init(name: String, command: String) {
        self.name = name
        self.command = command
    }
}

/// A component that does not fit the bindings it is used with.
public struct BindingError: Error, Sendable, CustomStringConvertible {
    /// The world of the bindings.
    public let world: WorldReference
    /// What does not fit: a path, what was expected, what was found.
    public let message: String
    /// What was thrown about it.
    public let cause: (any Error)?

    /// What does not fit, and how to generate bindings that do.
    public var description: String {
        "the component does not fit the bindings of `\(world.name)`: \(message); "
            + "regenerate with `\(world.command)`, or use a component of this world"
    }
}

/// Looks up what an instance exports and compares its types with those the bindings were generated for; for later instances of
/// the same component it repeats what it found.
public struct ExportBinder {
    /// The instance.
    public let instance: Instance
    private let world: WorldReference
    private let tag: ObjectIdentifier
    /// What an earlier binder of the same bindings found; empty when there was none.
    private let known: [BoundExport]
    private var position = 0
    private var found: [BoundExport] = []

    /// Makes a binder for the exports of `instance`, which `type` looks up in the same order each time.
    public init(_ instance: Instance, of type: any WorldBindings.Type) {
        self.instance = instance
        world = type.world
        tag = ObjectIdentifier(type)
        known = instance.component.boundExports[tag] ?? []
    }

    /// Makes an instance of `component`, whose imports must fit `linker`.
    ///
    /// - Throws: ``BindingError`` for imports that are missing or differ, or what ``InstancePre/instantiate(in:)`` throws.
    public static func instantiate(
        _ component: Component, in store: Store, linker: Linker, world: WorldReference
    ) throws -> Instance {
        do {
            return try linker.instantiate(component, in: store)
        } catch let error as LinkError {
            throw BindingError(world: world, message: error.description, cause: error)
        }
    }

    /// The exported function `name`.
    ///
    /// - Throws: ``BindingError`` when there is none, or one of another type.
    public mutating func function<Parameters: Lowerable, Output: Liftable>(
        _ name: String, in interface: String? = nil, parameters: Parameters.Type, result: Output.Type
    ) throws -> TypedFunction<Parameters, Output> {
        let types = ObjectIdentifier(TypedFunction<Parameters, Output>.self)
        do {
            if case .function(let item, let name, types)? = next(name, interface) {
                return TypedFunction(try instance.function(item, name: name))
            }
            let (item, fullName) = try instance.functionItem(name, in: interface)
            let function = try instance.function(item, name: fullName).typed(parameters: parameters, result: result)
            found.append(
                BoundExport(name: name, interface: interface, item: .function(item, fullName, types: types)))
            return function
        } catch {
            let place = error.code == .typeMismatch ? "export " : ""
            throw BindingError(world: world, message: place + "\(error)", cause: error)
        }
    }

    /// Lets handles to the exported resource `name` come out as objects of `type`, which belong to `interface`.
    ///
    /// - Throws: ``BindingError`` when there is no such resource.
    public mutating func resource<Object: GuestResource>(
        _ name: String, in instanceName: String, _ type: Object.Type, of interface: Object.Interface
    ) throws {
        let known: Int? = if case .resource(let index)? = next(name, instanceName) { index } else { nil }
        guard let index = known ?? instance.resourceIndex(name, in: instanceName),
            let resource = instance.state.resourceTypes[index]
        else {
            throw BindingError(
                world: world, message: "the component exports no resource `\(instanceName)#\(name)`", cause: nil)
        }
        if known == nil { found.append(BoundExport(name: name, interface: instanceName, item: .resource(index))) }
        GuestResourceBinding.attach(ObjectIdentifier(type), to: resource, instance.state, interface)
    }

    /// Keeps what was found for the next instance.
    public func finish() {
        if known.isEmpty, !found.isEmpty { instance.component.boundExports[tag] = found }
    }

    /// What the earlier binder found at this place, provided that it looked for the same.
    private mutating func next(_ name: String, _ interface: String?) -> BoundExport.Item? {
        guard position < known.count else { return nil }
        let export = known[position]
        guard export.name == name, export.interface == interface else { return nil }
        position += 1
        return export.item
    }
}

/// The type that bindings have for a world.
public protocol WorldBindings: AnyObject {
    /// The world, and how the bindings were made.
    static var world: WorldReference { get }
    /// The instance of the component.
    var instance: Instance { get }
    /// Wraps an instance.
    ///
    /// - Throws: ``BindingError`` when the component does not export what the world does.
    init(_ instance: Instance) throws
}

/// Carries an implementation of imports into a linker that serves one store only.
public struct HostReference<Host>: @unchecked Sendable {
    // @unchecked because the linker it goes into is used once, for a store that the same task owns.

    /// The implementation.
    public let value: Host

    /// Wraps `value`; the linker it is captured by must not be used for a store of another task.
    @inlinable
    public init(_ value: Host) { self.value = value }
}
