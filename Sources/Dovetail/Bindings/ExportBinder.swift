// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
import DovetailTypes

/// The world that bindings were generated for.
public struct WorldReference: Hashable, Sendable {
    /// The name, `ns:pkg/world@1.0.0`.
    public var name: String
    /// The command that generated the bindings.
    public let command: String
    /// The number of the generated code's form.
    public let format: Int

    /// Makes a reference.
    public init(name: String, command: String, format: Int) {
        self.name = name
        self.command = command
        self.format = format
    }

    /// - Throws: ``BindingError`` when the generated code has another form than this version of the library works with.
    func checkFormat() throws(BindingError) {
        guard format != GeneratedCode.format else { return }
        throw BindingError(
            world: self, message: "expected generated code of format \(GeneratedCode.format), found format \(format)",
            cause: nil)
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
        if world.format != GeneratedCode.format {
            return "the bindings of `\(world.name)` do not fit this version of Dovetail: \(message); "
                + "regenerate with `\(world.command)`"
        }
        return "the component does not fit the bindings of `\(world.name)`: \(message); "
            + "regenerate with `\(world.command)`, or use a component of this world"
    }
}

extension Function {
    /// Holds the place of a function that bindings look for in vain, until ``ExportBinder/finish()`` throws. Not an optional: to
    /// unwrap one counts references at each call.
    fileprivate static func missing(_ name: String, _ store: Store) -> Function {
        // Nothing lies there: the bindings that hold it are never handed out.
        let nowhere = UnsafeMutablePointer<LiftedFunction>(bitPattern: MemoryLayout<LiftedFunction>.alignment)
        return Function(name: name, store: store, function: nowhere.unsafelyUnwrapped)
    }
}

/// Looks up what an instance exports and compares its types with those the bindings were generated for; for later instances of
/// the same component it repeats what it found.
@_spi(Bindings)
public struct ExportBinder {
    /// The instance.
    public let instance: Instance
    private let world: WorldReference
    private let tag: ObjectIdentifier
    /// What an earlier binder of the same bindings found; empty when there was none.
    private let known: [BoundExport]
    private var position = 0
    private var found: [BoundExport] = []
    private var differences: [(message: String, cause: (any Error)?)] = []

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
        try world.checkFormat()
        do {
            return try linker.instantiate(component, in: store)
        } catch let error as LinkError {
            throw BindingError(world: world, message: error.description, cause: error)
        }
    }

    /// The exported function `name`; one that is missing or of another type is told by ``finish()``.
    public mutating func function<Parameters: ComponentCodec, Output: ComponentCodec>(
        _ name: String, in interface: String? = nil, parameters: Parameters.Type, result: Output.Type
    ) -> BoundFunction<Parameters, Output> {
        let types = ObjectIdentifier(BoundFunction<Parameters, Output>.self)
        do {
            if case .function(let item, let name, types)? = next(name, interface) {
                return BoundFunction(try instance.function(item, name: name))
            }
            let (item, fullName) = try instance.functionItem(name, in: interface)
            let function = try instance.function(item, name: fullName)
            try function.check(Parameters.shape.parameters(of: function.type, in: function.types), Output.shape.payload)
            found.append(
                BoundExport(name: name, interface: interface, item: .function(item, fullName, types: types)))
            return BoundFunction(function)
        } catch {
            differences.append(((error.code == .typeMismatch ? "export " : "") + "\(error)", error))
        }
        return BoundFunction(.missing(name, instance.store))
    }

    /// Lets handles to the exported resource `name` come out as objects of `type`, which belong to `interface`; a resource
    /// that is missing is told by ``finish()``.
    public mutating func resource<Object: GuestResource>(
        _ name: String, in instanceName: String, _ type: Object.Type, of interface: Object.Interface
    ) {
        let known: Int? = if case .resource(let index)? = next(name, instanceName) { index } else { nil }
        guard let index = known ?? instance.resourceIndex(name, in: instanceName),
            let resource = instance.state.resourceTypes[index]
        else {
            differences.append(("the component exports no resource `\(instanceName)#\(name)`", nil))
            return
        }
        if known == nil { found.append(BoundExport(name: name, interface: instanceName, item: .resource(index))) }
        GuestResourceBinding.attach(ObjectIdentifier(type), to: resource, instance.state, interface)
    }

    /// Keeps what was found for the next instance.
    ///
    /// - Throws: ``BindingError`` with everything that the component does not export, or exports with another type.
    public func finish() throws(BindingError) {
        try world.checkFormat()
        guard differences.isEmpty else {
            throw BindingError(
                world: world, message: differences.map(\.message).joined(separator: "; "),
                cause: differences.count == 1 ? differences[0].cause : nil)
        }
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
