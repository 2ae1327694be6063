// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailTypes
import DovetailWASI
import DovetailWIT
import Testing

/// Apps that tests write, made into components.
struct AppBuild {
    /// The files of the app, by their paths in a folder of their own.
    var files: [String: String]
    /// The world.
    var wit: String
    /// The folders that are looked into, in the folder of the files unless they are absolute.
    var folders = [""]
    var included: [String] = []
    var dataPackages: [String] = []
    var warmUps: [String] = []
    var stubsWASI = false
    var sharesPython = false
    var isForDebugging = false
    /// Files that are no text.
    var libraries: [String: [UInt8]] = [:]
    var limits = Store.Configuration()

    static let engine = Result {
        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        return try Engine(configuration)
    }

    /// The component, whose module is `app`, and what was said.
    func build() throws -> PythonComponentizer.Build {
        let carrier = try #require(RealCarrier.carrier)
        let resolution = try WIT.resolve(WITSource(text: wit))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        return try ScratchFolder.with { folder in
            for (name, text) in files { try folder.write(text.utf8, to: name) }
            for (name, bytes) in libraries { try folder.write(bytes, to: name) }
            var app = PythonProgram(
                module: "app",
                folders: folders.map { $0.isEmpty ? folder.path : $0.hasPrefix("/") ? $0 : folder.file($0) })
            app.included = included
            app.stubsWASI = stubsWASI
            app.sharesPython = sharesPython
            app.dataPackages = dataPackages
            app.warmUps = warmUps
            app.isForDebugging = isForDebugging
            do {
                return try PythonComponentizer(carrier).component(
                    of: app, world: world, in: resolution.graph, engine: try Self.engine.get(), limits: limits)
            } catch let error as PythonError {
                // Nobody can know the folder's name.
                let text = "\(error)".replacing(folder.path + "/", with: "").replacing(folder.path, with: ".")
                throw Failure(code: error.code, message: text)
            }
        }
    }

    /// An error, with the paths in the folder.
    struct Failure: Error {
        let code: PythonError.Code
        let message: String
    }

    /// An instance of the component, which has no files; without a configuration it has nothing of WASI.
    static func instance(
        of component: [UInt8], _ wasi: WASIConfiguration? = WASIConfiguration(), limits: Store.Configuration = .init(),
        with define: (inout Linker, Component) throws -> Void
    ) throws -> Instance {
        let engine = try engine.get()
        let component = try Component(engine: engine, bytes: component)
        var linker = wasi == nil ? Linker(engine: engine) : Linker.wasi(engine: engine)
        try define(&linker, component)
        let store =
            try wasi.map { try Store(engine: engine, configuration: limits, wasi: $0) }
            ?? Store(engine: engine, configuration: limits)
        return try linker.instantiate(component, in: store)
    }
}
