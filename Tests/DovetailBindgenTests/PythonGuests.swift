// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailWIT

/// Components in Python, each made once in a run of the tests.
enum PythonGuests {
    /// CPython for WebAssembly, `nil` where it is not in the cache and cannot be fetched.
    static let carrier: PythonCarrier? = {
        do { return try PythonCarrier.load() } catch {
            print("components in Python are not tested: \(error)")
            return nil
        }
    }()

    private struct NoPython: Error {}

    private static let components: [Reference: Result<[UInt8], any Error>] = [
        .app: Result { try build(.app, code: TestFiles.example("python-app")) },
        .types: Result { try build(.types) }, .resources: Result { try build(.resources) },
    ]

    /// The component of a world, which has code in Python.
    static func component(_ reference: Reference) throws -> [UInt8] {
        guard let component = components[reference] else { throw NoPython() }
        return try component.get()
    }

    private static func build(_ reference: Reference, code: String? = nil) throws -> [UInt8] {
        guard let carrier else { throw NoPython() }
        let resolution = try WIT.resolve(try WITLoader.load(reference.path))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        let code = code ?? "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/python/\(reference.rawValue)"
        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        let build = try PythonComponentizer(carrier).component(
            of: PythonProgram(module: "app", folders: [code]), world: world, in: resolution.graph,
            engine: try Engine(configuration))
        return build.component
    }
}
