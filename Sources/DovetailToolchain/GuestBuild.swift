// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// Compiles sources in Swift into a core module.
package struct GuestBuild {
    private let compiler: ToolCommands
    private let options: GuestBuildOptions
    private let runtime: GuestRuntime
    private let folder: TemporaryFolder
    private let object: String
    /// What the compiler warns of.
    package let warnings: String

    /// Compiles.
    ///
    /// - Parameter sources: the paths of all files.
    /// - Throws: ``ToolchainError``; when the sources do not compile, with what the compiler says.
    package init(
        _ sources: [String], _ toolchain: SwiftToolchain, _ runtime: GuestRuntime, _ options: GuestBuildOptions
    ) throws(ToolchainError) {
        compiler = ToolCommands(toolchain, options)
        self.options = options
        self.runtime = runtime
        folder = try TemporaryFolder.make()
        object = folder.file("app.o")
        warnings = try compiler.compile(sources, modules: runtime.folder, to: object)
    }

    /// Links.
    ///
    /// - Parameter allocates: whether the host may allocate memory in the component: whether strings or lists come in.
    /// - Returns: the core module.
    /// - Throws: ``ToolchainError``; when symbols are not defined, with their names.
    package func coreModule(allocates: Bool = true) throws(ToolchainError) -> [UInt8] {
        let module = folder.file("app.wasm")
        try compiler.link([object] + runtime.objects(options, allocates: allocates), to: module)
        do throws(SystemError) { return try Files.read(module) } catch { throw .files("read", module, error) }
    }
}
