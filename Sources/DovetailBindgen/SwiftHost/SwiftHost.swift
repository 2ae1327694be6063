// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What everything that writes a world for Swift hosts shares: the model, the names, and which helpers were called for.
final class SwiftHost {
    let model: WorldModel
    let names: SwiftHostNames
    let options: BindgenOptions
    /// Lengths of fixed-length lists in use.
    private(set) var fixedLengths: Set<Int> = []
    /// Whether a type of DovetailWASI was named.
    private(set) var usesWASITypes = false

    /// - Parameter others: the types of worlds that are generated together with this one.
    init(_ model: WorldModel, _ options: BindgenOptions, beside others: Set<String>) {
        self.model = model
        self.options = options
        names = SwiftHostNames(model, options, beside: others)
    }

    /// Whether other modules use what is generated, so that it has to be inlinable.
    var isPublic: Bool { options.access == .public }
    /// The modifiers of what users call.
    var access: [String] { options.access.modifiers }
    /// The attributes of functions whose body other modules may inline.
    var inlinable: [String] { isPublic ? ["@inlinable"] : [] }

    /// A type of the standard library or of Dovetail, with its module where something generated hides it.
    func library(_ name: String, _ arguments: [SwiftType] = []) -> SwiftType {
        let base = String(name.prefix { $0 != "." })
        guard names.shadowed.contains(base) else { return .named(name, arguments) }
        let module =
            Self.swiftTypes.contains(base) ? "Swift" : Self.runtimeTypes.contains(base) ? "Dovetail" : "DovetailABI"
        return .named("\(module).\(name)", arguments)
    }

    /// What generated code names of the runtime; all else is the canonical ABI's.
    private static let runtimeTypes: Set<String> = [
        "BoundFunction", "Caller", "Component", "ErrorContextCodec", "ErrorContextValue", "ExportBinder", "FutureCodec",
        "FutureReader", "GuestBorrowCodec", "GuestHandleCodec", "GuestInterface", "GuestOwnCodec", "GuestResource",
        "HostReference", "Instance", "Linker", "Store", "StreamCodec", "StreamReader", "WorldBindings",
        "WorldReference",
    ]

    private static let swiftTypes: Set<String> = [
        "Bool", "Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Int", "Float", "Double",
        "String", "Unicode", "Result", "Error", "Hashable", "Sendable", "AnyObject", "Void", "Optional",
        "SendableMetatype",
    ]

    /// What throws the errors of the canonical ABI, and no others.
    var throwsABIError: SwiftEffects { SwiftEffects(throwing: .only(library("ABIError"))) }

    // MARK: Named types

    /// The type of a namespace as code in the type of the world names it.
    func type(of index: Int) -> SwiftType {
        .named(external(index) ?? names.namespaces[index])
    }

    /// A named type that the namespace at `place` declares, from anywhere.
    func qualified(_ name: String, in place: Int) -> SwiftType {
        if let external = external(place) { return .named("\(external).\(name)") }
        return .named(place == 0 ? "\(names.world).\(name)" : "\(names.world).\(names.namespaces[place]).\(name)")
    }

    /// The type that holds the declarations of a namespace when they are not generated.
    private func external(_ index: Int) -> String? {
        switch model.namespaces[index].origin {
        case .generated: return nil
        case .given(let name): return name
        case .library(let provision):
            usesWASITypes = true
            return (names.shadowed.contains("WASI02") ? "DovetailWASI." : "")
                + WASIProvision.swiftName(of: provision.interface ?? "")
        }
    }

    /// A named type as code in `scope` names it; `nil` when it is declared nowhere.
    func named(_ id: TypeID, from scope: Scope) -> SwiftType? {
        guard let place = model.place(of: id, from: scope), let name = names.types[place][id] else { return nil }
        let isHere = place == scope.index && model.namespaces[place].origin == .generated
        // Inside of codecs, these names are taken.
        return isHere && !["Codec", "Value"].contains(name) ? .named(name) : qualified(name, in: place)
    }

    /// A resource: a class for one of the component's, a protocol for one of the host's.
    func resource(_ id: TypeID, from scope: Scope) -> SwiftType {
        named(id, from: scope) ?? named(model.facts.resource(id), from: scope) ?? .named("AnyObject")
    }

    // MARK: Helpers

    /// The type that stands for a length of lists.
    func length(_ count: UInt32) -> SwiftType {
        fixedLengths.insert(Int(count))
        return .named("\(names.world).Count\(count)")
    }
}

extension WASIProvision {
    /// The type that holds an interface in DovetailWASI: see `Scripts/generate-wasi`.
    package static func swiftName(of interface: String) -> String {
        let name = interface.split(separator: "/").last ?? ""
        return "WASI02." + (interface == "wasi:filesystem/types" ? "FilesystemTypes" : SwiftNames.type(name))
    }
}
