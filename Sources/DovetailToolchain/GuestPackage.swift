// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// A SwiftPM package whose product is a component.
package struct GuestPackage: Sendable {
    /// Its folder.
    package let folder: String

    /// The package in a folder, `nil` where none is.
    package init?(_ folder: String) {
        guard Files.status(Files.join(folder, "Package.swift"))?.kind == .regular else { return nil }
        self.folder = folder
    }

    /// Where the bindings of a world go: into the file in which they are already, else into the folder `Generated` of the only
    /// target.
    ///
    /// - Throws: ``ToolchainError`` when there are several targets.
    package func bindingsFile(of world: String, named name: String) throws(ToolchainError) -> String {
        let sources = Files.join(folder, "Sources")
        guard Files.isDirectory(sources) else { throw .noSources([folder]) }
        let all = try GuestSources([sources])
        if let file = all.bindings.first(where: { $0.world == world }) { return file.path }
        let names: [String]
        do throws(SystemError) { names = try Files.names(in: sources) } catch {
            throw .files("read folder", sources, error)
        }
        // A package of one target may do without a folder for it.
        if names.contains(where: { $0.hasSuffix(".swift") }) { return Files.join(sources, "Generated/\(name)") }
        let targets = names.filter { !$0.hasPrefix(".") && Files.isDirectory(Files.join(sources, $0)) }
        guard targets.count == 1 else { throw .severalTargets(targets) }
        return Files.join(sources, "\(targets[0])/Generated/\(name)")
    }

    /// Builds the package.
    ///
    /// - Parameter product: its name; may be left out when there is only one.
    /// - Returns: the core module.
    /// - Throws: ``ToolchainError`` when it does not build, with what SwiftPM says, or there are several products.
    package func coreModule(
        product: String?, _ toolchain: SwiftToolchain, _ options: GuestBuildOptions, version: String
    ) throws(ToolchainError) -> [UInt8] {
        let scratch = Files.join(folder, ".build/dovetail")
        // Beside the runtime that it is made of, in the cache.
        let runtime = try GuestRuntime(toolchain, options)
        let sdks = Files.join(runtime.folder, options.hasUnicode ? "sdks" : "sdks-no-unicode")
        if !Files.isDirectory(sdks) { try GuestSDK.write(to: sdks, toolchain, options, version: version) }
        var arguments = [
            toolchain.tool("swift"), "build", "--package-path", folder, "--scratch-path", scratch, "--swift-sdks-path",
            sdks,
            "--swift-sdk", GuestSDK.name, "-c", "release",
        ]
        if let product { arguments += ["--product", product] }
        let built = try run(arguments, options)
        guard built.code == 0 else { throw .package(built.text) }
        let place = try run(arguments + ["--show-bin-path"], options)
        let bin = place.text.split(separator: "\n").last.map(String.init) ?? ""
        let names: [String]
        do throws(SystemError) { names = try Files.names(in: bin) } catch { throw .files("read folder", bin, error) }
        let products = names.filter { $0.hasSuffix(".wasm") }
        let chosen = product.map { [$0 + ".wasm"] } ?? products
        guard chosen.count == 1, products.contains(chosen[0]) else {
            throw .products(products.map { String($0.dropLast(5)) }, product)
        }
        let file = Files.join(bin, chosen[0])
        do throws(SystemError) { return try Files.read(file) } catch { throw .files("read", file, error) }
    }

    private func run(
        _ arguments: [String], _ options: GuestBuildOptions
    ) throws(ToolchainError) -> ChildProcess.Outcome {
        let outcome: ChildProcess.Outcome
        do throws(SystemError) {
            outcome = try ChildProcess.run(arguments, timeLimit: options.timeLimit)
        } catch {
            throw .cannotRun(arguments[0], error)
        }
        if outcome.wasStopped { throw .compilerTimeLimit("swift build", options.timeLimit) }
        return outcome
    }
}
