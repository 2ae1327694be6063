// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailBinary
import DovetailBindgen
import DovetailComponentize
import DovetailGuestBindgen
import DovetailSystem
import DovetailToolchain
import DovetailTypes
import DovetailWITReader

/// A component in Swift, from its sources to a core module that has its world embedded.
struct SwiftGuest {
    private let arguments: SwiftGuestArguments
    private let input: WITInput
    private let world: WorldID
    private let toolchain: SwiftToolchain
    private let options: GuestBuildOptions

    /// What is in `input`, which came from `path`.
    init(_ arguments: SwiftGuestArguments, _ input: WITInput, _ world: WorldID) throws {
        self.arguments = arguments
        self.input = input
        self.world = world
        toolchain = try arguments.findToolchain()
        options = arguments.options
    }

    /// Compiles files, and what is in folders.
    func coreModule(of paths: [String]) throws -> [UInt8] {
        var sources = try GuestSources(paths)
        let text = try bindings()
        let folder = try TemporaryFolder.make()
        let own = sources.bindings.first { $0.world == worldName }?.path
        let file = arguments.bindings ?? own ?? folder.file(bindingsName)
        if try !isUpToDate(file, text) { try FileSystem.write(Array(text.utf8), to: file) }
        sources.remove(file)
        let runtime = try GuestRuntime(toolchain, options)
        let build: GuestBuild
        do throws(ToolchainError) {
            build = try GuestBuild(sources.paths + [file], toolchain, runtime, options)
        } catch {
            throw explained(error, bindings: file, in: folder.path)
        }
        if !build.warnings.isEmpty { Terminal.write(build.warnings + "\n", to: 2) }
        let module = try embedded(try build.coreModule())
        // What the host never allocates in does without the allocator.
        guard options.wasiLibc == nil, try !Componentizer.needsAllocator(module) else { return module }
        return try embedded(try build.coreModule(allocates: false))
    }

    /// Builds a package.
    func coreModule(of package: GuestPackage) throws -> [UInt8] {
        let text = try bindings()
        let file = try arguments.bindings ?? package.bindingsFile(of: worldName, named: bindingsName)
        if try !isUpToDate(file, text) {
            try FileSystem.makeFolders(above: file)
            try FileSystem.write(Array(text.utf8), to: file)
        }
        let module: [UInt8]
        do throws(ToolchainError) {
            module = try package.coreModule(
                product: arguments.product, toolchain, options, version: DovetailVersion.current)
        } catch {
            throw explained(error, bindings: Files.realPath(file) ?? file)
        }
        return try embedded(module)
    }

    /// The name of the file with the bindings; sources may have one that is called like the world.
    private var bindingsName: String {
        String(Bindgen.fileName(of: world, in: input.graph).dropLast(".swift".count)) + "Bindings.swift"
    }

    /// The module with the world in it.
    func embedded(_ module: [UInt8]) throws -> [UInt8] {
        try ComponentTypeSection.embed(world, of: input.graph, in: module)
    }

    /// The name by which bindings know the world.
    private var worldName: String {
        input.graph[world].package.map { input.graph[$0].name.qualified(input.graph[world].name) }
            ?? input.graph[world].name
    }

    /// The bindings' text.
    func bindings() throws -> String {
        var options = BindgenOptions()
        options.takesWASI = false
        options.command = "dovetail componentize --swift"
        return try GuestBindgen.generate([world], of: input.graph, options: options)
    }

    private func isUpToDate(_ file: String, _ text: String) throws -> Bool {
        guard Files.status(file)?.kind == .regular else { return false }
        return try Files.read(file) == Array(text.utf8)
    }

    /// An error of the compiler in the bindings comes from what the sources lack: says so.
    private func explained(_ error: ToolchainError, bindings file: String, in folder: String = " ") -> any Error {
        guard error.code == .compilation else { return error }
        let name = bindingsName
        let isAboutBindings = error.message.split(separator: "\n").contains {
            $0.hasPrefix(file + ":") && $0.contains("error: ")
        }
        // One that will be gone has no place to look at.
        let place = file.hasPrefix(folder) ? "\(name):" : file + ":"
        var message = error.message.replacing(file + ":", with: place)
        if isAboutBindings {
            let type = Bindgen.fileName(of: world, in: input.graph).split(separator: ".").first ?? ""
            message +=
                "\n`\(place.dropLast())` is made of the world `\(worldName)`. An error there says that the sources lack "
            message += "something that the world exports, or have it with other types: each `Exports` protocol there "
            message += "has to be conformed to, as by `extension \(type): \(type).Exports { … }`. "
            message += "`dovetail bindgen --guest swift --stubs` writes all that is needed."
        }
        return SwiftGuestFailure(description: message)
    }
}

/// A sentence about sources that do not compile.
private struct SwiftGuestFailure: Error, CustomStringConvertible {
    let description: String
}
