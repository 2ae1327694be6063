// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Two components, one of which calls the other, in Swift or in Python.
enum TaskPair: String, CaseIterable {
    case swift, python, swiftCallsPython, pythonCallsSwift

    /// Those whose tools are here.
    static var available: [TaskPair] { allCases.filter(\.isAvailable) }

    /// Those of them in one language alone.
    static var inSwift: [TaskPair] { available.filter { $0 == .swift } }

    private var isAvailable: Bool {
        let (hasSwift, hasPython) = (GuestCompiler.shared != nil, PythonGuests.carrier != nil)
        return switch self {
        case .swift: hasSwift
        case .python: hasPython
        case .swiftCallsPython, .pythonCallsSwift: hasSwift && hasPython
        }
    }

    /// The interface whose functions tests call.
    static let work = "test:tasks/work"

    private static let components: [GuestReference: Result<[UInt8], any Error>] = Dictionary(
        uniqueKeysWithValues: [GuestReference.caller, .callee].map { reference in
            (reference, Result { try build(reference) })
        })

    private static func build(_ reference: GuestReference) throws -> [UInt8] {
        let (graph, world) = try reference.world()
        let code = "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/python/\(reference.rawValue)"
        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        return try PythonComponentizer(#require(PythonGuests.carrier)).component(
            of: PythonProgram(module: "app", folders: [code]), world: world, in: graph,
            engine: try Engine(configuration)
        ).component
    }

    private static let swiftPair: Result<[UInt8], any Error> = Result {
        try ComponentPair.bytes(
            caller: SwiftGuests.component(.caller), callee: SwiftGuests.component(.callee),
            import: "test:tasks/service", export: work)
    }

    private func component(_ reference: GuestReference) throws -> [UInt8] {
        let isSwift = self == (reference == .caller ? .swiftCallsPython : .pythonCallsSwift)
        return try isSwift ? SwiftGuests.component(reference) : #require(Self.components[reference]).get()
    }

    /// An instance; few handles may be left behind, and in Swift little memory.
    func make() throws -> Guests {
        let engine = try Engine()
        var configuration = Store.Configuration()
        configuration.maximumHandles = 200
        guard self != .swift else {
            configuration.maximumMemory = 2 << 20
            configuration.waitsForOtherCalls = true
            let store = Store(engine: engine, configuration: configuration)
            let component = try Component(engine: engine, bytes: Self.swiftPair.get())
            return Guests(try Linker(engine: engine).instantiate(component, in: store))
        }
        let store = try Store(engine: engine, configuration: configuration, wasi: WASIConfiguration())
        var linker = Linker.wasi(engine: engine)
        let callee = try linker.instantiate(Component(engine: engine, bytes: component(.callee)), in: store)
        linker.defineExports(of: callee)
        return Guests(try linker.instantiate(Component(engine: engine, bytes: component(.caller)), in: store))
    }
}
