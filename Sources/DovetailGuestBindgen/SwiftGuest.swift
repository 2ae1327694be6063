// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// What everything that writes a world for guests in Swift shares.
final class SwiftGuest: SwiftOutput {
    let model: WorldModel
    let names: SwiftWorldNames
    let options: BindgenOptions
    var needs = SwiftNeeds()
    /// A tuple that values of are in lists, options and the like, where a type has to say how they cross.
    struct TupleType {
        var name: String
        var parts: [ValueType]
        var scope: Scope
    }

    /// A type of streams or futures, whose built-ins belong to a function that has it among its types.
    struct TransferType {
        var name: String
        var isStream: Bool
        var element: ValueType?
        var codec: SwiftType
        var scope: Scope
        var origin: TransferOrigin?
    }

    /// Where the built-ins for a type of streams or futures come from: by the position among those of a function.
    struct TransferOrigin {
        var module: String
        var function: String
        var position: Int
    }

    /// The types of streams and futures in use, by what they are of.
    private(set) var transfers = OrderedMap<String, TransferType>()
    private var transferOrigins: [String: TransferOrigin] = [:]
    /// The tuples in use, those inside of others in front of them.
    private(set) var tuples: [TupleType] = []
    private var tupleNames: [String: String] = [:]
    private var members: NameScope
    private var globals = NameScope()
    private var resourceProtocols: [TypeID: String] = [:]
    /// The Swift names of imported core functions, by `module#name`.
    var coreImports: [String: String] = [:]

    init(_ model: WorldModel, _ options: BindgenOptions, beside others: Set<String>) {
        self.model = model
        self.options = options
        names = SwiftWorldNames(model, options, beside: others)
        members = NameScope(reserved: Set(names.types[0].values).union(names.namespaces))
        for (index, namespace) in model.namespaces.enumerated() where namespace.direction == .exported {
            var scope = NameScope(reserved: Set(names.types[index].values).union(["Exports"]))
            for resource in namespace.resources {
                resourceProtocols[resource.id] = scope.claim((names.types[index][resource.id] ?? "") + "Resource")
            }
        }
        findTransfers()
    }

    /// Whether something needs tasks.
    var isConcurrent: Bool {
        !transferOrigins.isEmpty
            || (model.exportedFunctions + model.namespaces.flatMap { $0.functions + $0.resources.flatMap(\.methods) })
                .contains { $0.definition.isAsync }
    }

    private func findTransfers() {
        func find(_ signatures: [Signature], _ scope: Scope) {
            let extern = model.namespaces[scope.index].externName ?? "$root"
            for function in signatures.map(\.definition) {
                for (position, id) in model.graph.transfers(of: function).enumerated() {
                    let key = transferKey(
                        model.graph.element(of: id), isStream: model.graph.isStream(id), from: scope)
                    guard transferOrigins[key] == nil else { continue }
                    transferOrigins[key] = TransferOrigin(
                        module: (scope.direction == .exported ? "[export]" : "") + extern, function: function.name,
                        position: position)
                }
            }
        }
        for (index, namespace) in model.namespaces.enumerated() where namespace.origin == .generated {
            find(namespace.functions + namespace.resources.flatMap(\.methods), model.scope(index))
        }
        find(model.exportedFunctions, Scope(index: 0, direction: .exported))
    }

    private func transferKey(_ element: ValueType?, isStream: Bool, from scope: Scope) -> String {
        (isStream ? "stream " : "future ") + model.identity(of: element, from: scope)
    }

    func transferCodec(_ element: ValueType?, isStream: Bool, _ scope: Scope) -> SwiftType {
        let key = transferKey(element, isStream: isStream, from: scope)
        let kind = isStream ? "Stream" : "Future"
        let name: String
        if let known = transfers[key] {
            name = known.name
        } else {
            name = members.claim("\(kind)\(transfers.count + 1)")
            let outside = scope.outside
            transfers[key] = TransferType(
                name: name, isStream: isStream, element: element, codec: codec(of: element, from: outside),
                scope: outside, origin: transferOrigins[key])
        }
        return library(kind + "Codec", [.named("\(names.world).\(name)")])
    }

    func module(of name: String) -> String { "DovetailGuest" }

    func handle(_ id: TypeID, isOwned: Bool, _ scope: Scope) -> SwiftType { resource(id, from: scope) }

    func handleCodec(_ id: TypeID, isOwned: Bool, _ scope: Scope) -> SwiftType {
        let type = resource(id, from: scope)
        return switch model.implementer(of: id, from: scope) {
        case .host: library(isOwned ? "ImportedOwnCodec" : "ImportedBorrowCodec", [type])
        case .guest: library(isOwned ? "ExportedOwnCodec" : "ExportedBorrowCodec", [type])
        }
    }

    func tupleCodec(_ parts: [ValueType], _ scope: Scope) -> SwiftType {
        if parts.count == 1 { return codec(of: parts[0], from: scope) }
        let outside = scope.outside
        let key = parts.map { codec(of: $0, from: outside).text }.joined(separator: ", ")
        let name: String
        if let known = tupleNames[key] {
            name = known
        } else {
            name = members.claim("Tuple\(tuples.count + 1)Codec")
            tupleNames[key] = name
            tuples.append(TupleType(name: name, parts: parts, scope: outside))
        }
        return .named("\(names.world).\(name)")
    }

    func effects(of signature: Signature, from scope: Scope) -> SwiftEffects {
        let isAsync = signature.definition.isAsync
        guard signature.isFallible else { return SwiftEffects(isAsync: isAsync) }
        return SwiftEffects(isAsync: isAsync, throwing: .only(errorType(of: signature.failure, from: scope)))
    }

    /// The name of the function that calls an async import and cancels it with the running task.
    func cancellableName(_ form: SwiftFunctionForm) -> String { form.name + "UnlessCancelled" }

    func isolation(of signature: Signature) -> [String] { [] }

    func reservedLocals(of signature: Signature) -> Set<String> { Self.locals }

    /// What generated functions call their own variables.
    static let locals: Set<String> = ["area", "arena", "flat", "result", "handle"]

    /// A name for something that is declared outside of all types, in this file alone.
    func global(_ words: String...) -> String { globals.claim(SwiftNames.member(words.joined(separator: "-"))) }

    /// The protocol of the class that implements an exported resource.
    func resourceProtocol(_ id: TypeID) -> String { resourceProtocols[id] ?? "" }

    /// The type of core values.
    func core(_ type: FlatType) -> SwiftType {
        switch type {
        case .i32: library("Int32")
        case .i64: library("Int64")
        case .f32: library("Float")
        case .f64: library("Double")
        }
    }

    /// The address of memory.
    var pointer: SwiftType { library("UnsafeMutableRawPointer") }
}

extension Scope {
    /// The same, seen from code outside of all namespaces.
    var outside: Scope { Scope(index: index, direction: direction, isInside: false) }
}
