// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import DovetailWIT

/// Components in Python, each linked once in a run of the tests.
enum PythonGuests {
    /// CPython for WebAssembly, `nil` where it is not in the cache and cannot be fetched.
    static let carrier: PythonCarrier? = {
        do { return try PythonCarrier.load() } catch {
            print("components in Python are not tested: \(error)")
            return nil
        }
    }()

    /// A component, and the folders that its code is in.
    struct Guest {
        let component: [UInt8]
        let surroundings: WASIConfiguration
    }

    private struct NoPython: Error {}

    private static let guests: [Reference: Result<Guest, any Error>] = [
        .app: Result { try build(.app, code: TestFiles.example("python-app")) },
        .types: Result { try build(.types) }, .resources: Result { try build(.resources) },
    ]

    /// The component of a world, which has code in Python.
    static func guest(_ reference: Reference) throws -> Guest {
        guard let guest = guests[reference] else { throw NoPython() }
        return try guest.get()
    }

    private static func build(_ reference: Reference, code: String? = nil) throws -> Guest {
        guard let carrier else { throw NoPython() }
        let resolution = try WIT.resolve(try WITLoader.load(reference.path))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        // It stays until the tests end: the component reads it at each start.
        let folder = try ScratchFolder()
        for file in try PythonComponentizer.bindings(of: world, in: resolution.graph) {
            try folder.write(file.text.utf8, to: file.name)
        }
        let code = code ?? "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/python/\(reference.rawValue)"
        return Guest(
            component: try PythonComponentizer(carrier).linked(app: "app", world: world, of: resolution.graph),
            surroundings: WASIConfiguration(preopens: [
                Preopen(
                    try carrier.compiledStandardLibrary(), as: PythonComponentizer.Folder.standardLibrary,
                    permissions: .readOnly),
                Preopen(folder.path, as: PythonComponentizer.Folder.bindings, permissions: .readOnly),
                Preopen(code, as: PythonComponentizer.Folder.app, permissions: .readOnly),
            ]))
    }
}
