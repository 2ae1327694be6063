// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// What everything that writes a world for Swift hosts shares.
final class SwiftHost: SwiftOutput {
    let model: WorldModel
    let names: SwiftWorldNames
    let options: BindgenOptions
    var needs = SwiftNeeds()

    /// - Parameter others: the types of worlds that are generated together with this one.
    init(_ model: WorldModel, _ options: BindgenOptions, beside others: Set<String>) {
        self.model = model
        self.options = options
        names = SwiftWorldNames(model, options, beside: others)
    }

    /// The attributes of functions whose body other modules may inline.
    var inlinable: [String] { isPublic ? ["@inlinable"] : [] }

    /// What throws the errors of the canonical ABI, and no others.
    var throwsABIError: SwiftEffects { SwiftEffects(throwing: .only(library("ABIError"))) }

    /// What generated code names of the runtime; all else is the canonical ABI's.
    private static let runtimeTypes: Set<String> = [
        "BoundFunction", "Caller", "Component", "ErrorContextCodec", "ErrorContextValue", "ExportBinder", "FutureCodec",
        "FutureReader", "GuestBorrowCodec", "GuestHandleCodec", "GuestInterface", "GuestOwnCodec", "GuestResource",
        "HostReference", "Instance", "Linker", "Store", "StreamCodec", "StreamReader", "WorldBindings",
        "WorldReference",
    ]

    func module(of name: String) -> String {
        Self.runtimeTypes.contains(name) ? "Dovetail" : "DovetailABI"
    }

    func handle(_ id: TypeID, isOwned: Bool, _ scope: Scope) -> SwiftType {
        let type = resource(id, from: scope)
        return model.implementer(of: id, from: scope) == .host ? .any(type) : type
    }

    func handleCodec(_ id: TypeID, isOwned: Bool, _ scope: Scope) -> SwiftType {
        let type = resource(id, from: scope)
        return switch model.implementer(of: id, from: scope) {
        case .host: library(isOwned ? "HostOwnCodec" : "HostBorrowCodec", [.any(type)])
        case .guest: library(isOwned ? "GuestOwnCodec" : "GuestBorrowCodec", [type])
        }
    }

    func tupleCodec(_ parts: [ValueType], _ scope: Scope) -> SwiftType {
        tupleCodec(parts.map { codec(of: $0, from: scope) })
    }

    /// The codec of tuples; the library has a quick one for each number of parts up to eight.
    private func tupleCodec(_ parts: [SwiftType]) -> SwiftType {
        library(parts.count <= 8 ? "Tuple\(parts.count)Codec" : "TupleCodec", parts)
    }

    /// The codec of all parameters as one value.
    ///
    /// - Parameter lendsReceiver: whether the first one, an object of the host's, is used for the length of the call only.
    func parametersCodec(of signature: Signature, from scope: Scope, lendsReceiver: Bool = false) -> SwiftType {
        var codecs = signature.definition.parameters.map { codec(of: $0.type, from: scope) }
        if lendsReceiver {
            codecs[0] = library("HostLentCodec", [valueType(of: signature.definition.parameters[0].type, from: scope)])
        }
        return codecs.isEmpty ? library("EmptyCodec") : codecs.count == 1 ? codecs[0] : tupleCodec(codecs)
    }

    func transferCodec(_ element: ValueType?, isStream: Bool, _ scope: Scope) -> SwiftType {
        library(isStream ? "StreamCodec" : "FutureCodec", [codec(of: element, from: scope)])
    }

    func effects(of signature: Signature, from scope: Scope) -> SwiftEffects {
        SwiftEffects(isAsync: signature.isAsync, throwing: .anything)
    }

    func isolation(of signature: Signature) -> [String] {
        signature.isAsync ? ["nonisolated(nonsending)"] : []
    }

    func reservedLocals(of signature: Signature) -> Set<String> {
        signature.constructed == nil ? [] : ["interface", "made"]
    }
}
