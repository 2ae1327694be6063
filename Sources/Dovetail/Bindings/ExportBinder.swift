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

/// Looks up what an instance exports and compares its types with those the bindings were generated for.
public struct ExportBinder {
    /// The instance.
    public let instance: Instance
    private let world: WorldReference

    /// Makes a binder for the exports of `instance`.
    public init(_ instance: Instance, world: WorldReference) {
        self.instance = instance
        self.world = world
    }

    /// Makes an instance of `component`, whose imports must fit `linker`.
    ///
    /// - Throws: ``LinkError`` for imports that are missing or differ, and what the start of the component runs into.
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
    public func function<Parameters: Lowerable, Output: Liftable>(
        _ name: String, in interface: String? = nil, parameters: Parameters.Type, result: Output.Type
    ) throws -> TypedFunction<Parameters, Output> {
        let full = interface.map { "\($0)#\(name)" } ?? name
        do {
            return try instance.function(name, in: interface).typed(parameters: parameters, result: result)
        } catch let error as TypeMismatch {
            throw BindingError(world: world, message: "export `\(full)`: \(error.message)", cause: error)
        } catch let error as ExportError {
            throw BindingError(world: world, message: "\(error)", cause: error)
        }
    }

    /// Lets handles to the exported resource `name` come out as objects of `type`, which belong to `interface`.
    ///
    /// - Throws: ``BindingError`` when there is no such resource.
    public func resource<Object: GuestResource>(
        _ name: String, in instanceName: String, _ type: Object.Type, of interface: Object.Interface
    ) throws {
        guard let found = instance.resourceType(name, in: instanceName) else {
            throw BindingError(
                world: world, message: "the component exports no resource `\(instanceName)#\(name)`", cause: nil)
        }
        GuestResourceBinding.attach(ObjectIdentifier(type), to: found, instance.state, interface)
    }
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
