// SPDX-License-Identifier: Apache-2.0

package import DovetailToolchain

/// Compiles Swift guests with the toolchain that the tests were built with, as the tool does.
package struct GuestCompiler: Sendable {
    private let toolchain: SwiftToolchain
    private let runtimes: [GuestBuildOptions.Optimization: GuestRuntime]

    /// The compiler, `nil` where no toolchain compiles for wasm32.
    package static let shared: GuestCompiler? = {
        do {
            return try GuestCompiler(SwiftToolchain.find())
        } catch {
            print("Swift guests are not tested: \(error)")
            return nil
        }
    }()

    private init(_ toolchain: SwiftToolchain) throws {
        self.toolchain = toolchain
        var runtimes: [GuestBuildOptions.Optimization: GuestRuntime] = [:]
        for optimization in [GuestBuildOptions.Optimization.size, .speed] {
            var options = GuestBuildOptions()
            options.optimization = optimization
            runtimes[optimization] = try GuestRuntime(toolchain, options)
        }
        self.runtimes = runtimes
    }

    /// Compiles and links a guest; warnings are errors.
    ///
    /// - Parameters:
    ///   - sources: the paths of all files.
    ///   - allocates: whether `cabi_realloc` is exported.
    ///   - hasUnicode: whether strings are compared by Unicode's rules, with its tables.
    /// - Returns: the core module.
    /// - Throws: `ToolchainError` with what the toolchain said.
    package func coreModule(
        _ sources: [String], _ optimization: GuestBuildOptions.Optimization = .size, allocates: Bool = true,
        hasUnicode: Bool = true
    ) throws -> [UInt8] {
        var options = GuestBuildOptions()
        options.optimization = optimization
        options.hasUnicode = hasUnicode
        options.refusesWarnings = true
        guard let runtime = runtimes[optimization] else { return [] }
        return try GuestBuild(sources, toolchain, runtime, options).coreModule(allocates: allocates)
    }
}
