// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import DovetailWASI
import Testing

/// The language that the components of these tests are written in.
enum GuestLanguage: String, CaseIterable, Sendable {
    case c, swift, python

    /// Those that can be run here.
    static var available: [GuestLanguage] { GuestCompiler.shared == nil ? [.c] : [.c, .swift] }

    /// Those and Python, where its components can be made.
    static var availableWithPython: [GuestLanguage] { available + (PythonGuests.carrier == nil ? [] : [.python]) }

    /// The component `name` with an engine of its own.
    func component(_ name: String) throws -> (Engine, Component) {
        let engine = try Engine()
        switch self {
        case .c:
            let guests = "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests"
            let isMirror = ["names", "structures", "versions"].contains(name)
            let path = isMirror ? "\(guests)/mirrors/\(name).wasm" : "\(guests)/\(name)/\(name).wasm"
            return (engine, try Component(engine: engine, path: path))
        case .swift:
            let reference = try #require(GuestReference(rawValue: name))
            return (engine, try Component(engine: engine, bytes: SwiftGuests.component(reference)))
        case .python:
            let reference = try #require(Reference(rawValue: name))
            return (engine, try Component(engine: engine, bytes: PythonGuests.component(reference)))
        }
    }

    /// A store for a component in the language.
    func store(_ engine: Engine) throws -> Store {
        self == .python ? try Store(engine: engine, wasi: WASIConfiguration()) : Store(engine: engine)
    }

    /// A linker with what components in the language import of WASI.
    func linker(_ engine: Engine) -> Linker { self == .python ? .wasi(engine: engine) : Linker(engine: engine) }
}

/// Components in Swift, each compiled once in a run of the tests.
enum SwiftGuests {
    private static let components: [GuestReference: Result<[UInt8], any Error>] = Dictionary(
        uniqueKeysWithValues: GuestReference.withCode.map { reference in
            (reference, Result { try build(reference, [reference.bindings, reference.code]) })
        })

    /// The component of a world that is committed with its code.
    static func component(_ reference: GuestReference) throws -> [UInt8] {
        try #require(components[reference]).get()
    }

    /// Compiles sources and makes a component of them.
    static func build(
        _ reference: GuestReference, _ sources: [String], allocates: Bool = true, hasUnicode: Bool = true
    ) throws -> [UInt8] {
        let compiler = try #require(GuestCompiler.shared)
        let module = try compiler.coreModule(sources, allocates: allocates, hasUnicode: hasUnicode)
        let (graph, world) = try reference.world()
        return try Componentizer.component(of: ComponentTypeSection.embed(world, of: graph, in: module))
    }
}
