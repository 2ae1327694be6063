// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// What everything that writes a world in Swift shares, for hosts and for guests: the model, the names, how types are written,
/// and which helpers were called for.
package protocol SwiftOutput: AnyObject {
    var model: WorldModel { get }
    var names: SwiftWorldNames { get }
    var options: BindgenOptions { get }
    /// What has been called for so far.
    var needs: SwiftNeeds { get set }

    /// The module that has a type of ours.
    func module(of name: String) -> String
    /// A handle as users see it.
    func handle(_ id: TypeID, isOwned: Bool, _ scope: Scope) -> SwiftType
    /// How a handle crosses.
    func handleCodec(_ id: TypeID, isOwned: Bool, _ scope: Scope) -> SwiftType
    /// How a tuple crosses.
    func tupleCodec(_ parts: [ValueType], _ scope: Scope) -> SwiftType
    /// How a stream or future crosses.
    func transferCodec(_ element: ValueType?, isStream: Bool, _ scope: Scope) -> SwiftType
    /// What a call of a function may do besides returning.
    func effects(of signature: Signature, from scope: Scope) -> SwiftEffects
    /// What is declared in front of a function.
    func isolation(of signature: Signature) -> [String]
    /// Names that a function's parameters cannot have inside of it.
    func reservedLocals(of signature: Signature) -> Set<String>
}

/// What generated code turns out to need besides the declarations of the world.
package struct SwiftNeeds {
    /// Lengths of fixed-length lists in use.
    package var fixedLengths: Set<Int> = []
    /// Whether a type of DovetailWASI was named.
    package var usesWASITypes = false

    package init() {}
}

extension SwiftOutput {
    // MARK: Access

    /// Whether other modules use what is generated, so that it has to be inlinable.
    package var isPublic: Bool { options.access == .public }
    /// The modifiers of what users call.
    package var access: [String] { options.access.modifiers }

    // MARK: Library types

    /// A type of the standard library or of ours, with its module where something generated hides it.
    package func library(_ name: String, _ arguments: [SwiftType] = []) -> SwiftType {
        let base = String(name.prefix { $0 != "." })
        guard names.shadowed.contains(base) else { return .named(name, arguments) }
        let module = swiftTypes.contains(base) ? "Swift" : module(of: base)
        return .named("\(module).\(name)", arguments)
    }

    // MARK: Named types

    /// The type of a namespace as code in the type of the world names it.
    package func type(of index: Int) -> SwiftType {
        .named(external(index) ?? names.namespaces[index])
    }

    /// The type of a namespace, from anywhere.
    package func qualified(_ index: Int) -> SwiftType {
        if let external = external(index) { return .named(external) }
        return .named(index == 0 ? names.world : "\(names.world).\(names.namespaces[index])")
    }

    /// A named type that the namespace at `place` declares, from anywhere.
    package func qualified(_ name: String, in place: Int) -> SwiftType { .named("\(qualified(place).text).\(name)") }

    /// The type that holds the declarations of a namespace when they are not generated.
    private func external(_ index: Int) -> String? {
        switch model.namespaces[index].origin {
        case .generated: return nil
        case .given(let name): return name
        case .library(let provision):
            needs.usesWASITypes = true
            return (names.shadowed.contains("WASI02") ? "DovetailWASI." : "")
                + WASIProvision.swiftName(of: provision.interface ?? "")
        }
    }

    /// A named type as code in `scope` names it; `nil` when it is declared nowhere.
    package func named(_ id: TypeID, from scope: Scope) -> SwiftType? {
        guard let place = model.place(of: id, from: scope), let name = names.types[place][id] else { return nil }
        let isHere = scope.isInside && place == scope.index && model.namespaces[place].origin == .generated
        // Inside of codecs, these names are taken.
        return isHere && !["Codec", "Value"].contains(name) ? .named(name) : qualified(name, in: place)
    }

    /// A resource: a class where the component implements it or calls it, a protocol where a host implements it.
    package func resource(_ id: TypeID, from scope: Scope) -> SwiftType {
        named(id, from: scope) ?? named(model.facts.resource(id), from: scope) ?? .named("AnyObject")
    }

    // MARK: Helpers

    /// The type that stands for a length of lists.
    package func length(_ count: UInt32) -> SwiftType {
        needs.fixedLengths.insert(Int(count))
        return .named("\(names.world).Count\(count)")
    }
}

/// The names of the standard library that generated code uses.
private let swiftTypes: Set<String> = [
    "Bool", "Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Int", "Float", "Double",
    "String", "Unicode", "Result", "Error", "Hashable", "Sendable", "AnyObject", "Void", "Optional", "OptionSet",
    "SendableMetatype", "UnsafeRawPointer", "UnsafeMutableRawPointer",
]

extension WASIProvision {
    /// The type that holds an interface in DovetailWASI: see `Scripts/generate-wasi`.
    package static func swiftName(of interface: String) -> String {
        let name = interface.split(separator: "/").last ?? ""
        return "WASI02." + (interface == "wasi:filesystem/types" ? "FilesystemTypes" : SwiftNames.type(name))
    }
}
