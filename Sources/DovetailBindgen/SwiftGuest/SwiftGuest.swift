// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What everything that writes a world for guests in Swift shares.
final class SwiftGuest: SwiftOutput {
    /// A tuple that values of are in lists, options and the like, where a type has to say how they cross.
    struct TupleType {
        var name: String
        var parts: [ValueType]
        var scope: Scope
    }

    /// The tuples in use, those inside of others in front of them.
    private(set) var tuples: [TupleType] = []
    private var tupleNames: [String: String] = [:]
    private var members: NameScope
    private var globals = NameScope()
    private var resourceProtocols: [TypeID: String] = [:]
    /// The Swift names of imported core functions, by `module#name`.
    var coreImports: [String: String] = [:]

    override init(_ model: WorldModel, _ options: BindgenOptions, beside others: Set<String>) {
        members = NameScope()
        super.init(model, options, beside: others)
        members = NameScope(reserved: Set(names.types[0].values).union(names.namespaces))
        for (index, namespace) in model.namespaces.enumerated() where namespace.direction == .exported {
            var scope = NameScope(reserved: Set(names.types[index].values).union(["Exports"]))
            for resource in namespace.resources {
                resourceProtocols[resource.id] = scope.claim((names.types[index][resource.id] ?? "") + "Resource")
            }
        }
    }

    override func module(of name: String) -> String { "DovetailGuest" }

    override func handleCodec(_ id: TypeID, isOwned: Bool, _ scope: Scope) -> SwiftType {
        let type = resource(id, from: scope)
        return switch model.implementer(of: id, from: scope) {
        case .host: library(isOwned ? "ImportedOwnCodec" : "ImportedBorrowCodec", [type])
        case .guest: library(isOwned ? "ExportedOwnCodec" : "ExportedBorrowCodec", [type])
        }
    }

    override func tupleCodec(_ parts: [ValueType], _ scope: Scope) -> SwiftType {
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

    override func effects(of signature: Signature, from scope: Scope) -> SwiftEffects {
        guard signature.isFallible else { return SwiftEffects() }
        return SwiftEffects(throwing: .only(errorType(of: signature.failure, from: scope)))
    }

    override func reservedLocals(of signature: Signature) -> Set<String> { Self.locals }

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
