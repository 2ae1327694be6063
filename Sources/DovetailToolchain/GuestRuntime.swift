// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// The runtime of components in Swift, compiled by one toolchain: the modules `DovetailGuest` and `_Concurrency`,
/// and the objects to link.
///
/// It is compiled once and kept in the user's cache, in a folder whose name says from what. A folder appears there whole, by
/// its name being given to it, so several processes may build at once: the first one's is taken.
package struct GuestRuntime: Sendable {
    /// The folder.
    package let folder: String

    /// Objects that only some programs are linked with.
    private static let optional: Set<String> = ["realloc", "unicode-none"]

    /// Compiles the runtime, or finds it in the cache.
    ///
    /// - Parameter cache: where it is kept; by default in the user's cache.
    /// - Throws: ``ToolchainError`` when it does not compile, or cannot be written anywhere.
    package init(
        _ toolchain: SwiftToolchain, _ options: GuestBuildOptions, cache: String? = EngineLibrary.userCacheFolder()
    ) throws(ToolchainError) {
        let sources = ["C", "Concurrency", "Swift"].flatMap(GuestFile.all)
        let commands = ToolCommands(toolchain, options)
        var key = Array("1\n\(toolchain.identity)\n\(commands.runtimeFlags.joined(separator: " "))\n".utf8)
        for file in sources { key += Array("\(file.path) \(file.bytes.count)\n".utf8) + file.bytes }
        let name = key.withUnsafeBytes { SHA256.hexadecimal(of: $0) } ?? "\(ThisProcess.identifier)"
        let parent = Files.join(cache ?? ThisProcess.variable("TMPDIR") ?? "/tmp", "guest")
        folder = Files.join(parent, name)
        if Files.isDirectory(folder) { return }
        do throws(SystemError) { try Files.makeDirectory(parent, permissions: 0o700) } catch {
            throw .files("make folder", parent, error)
        }
        let building = try TemporaryFolder.make(in: parent, name)
        try Self.compile(sources, commands, in: building.path)
        // Whoever else compiled it meanwhile has the same.
        let isMoved = building.move(to: folder)
        guard isMoved || Files.isDirectory(folder) else { throw .files("make folder", folder, .accessDenied) }
    }

    private static func compile(
        _ sources: [GuestFile], _ compiler: ToolCommands, in folder: String
    ) throws(ToolchainError) {
        let source = Files.join(folder, "source")
        for file in sources {
            let path = Files.join(source, file.path)
            do throws(SystemError) {
                try Files.makeDirectories(above: path)
                try file.bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
            } catch {
                throw .files("write", path, error)
            }
        }
        func paths(_ name: String) -> [String] {
            sources.filter { $0.path.hasPrefix(name + "/") }.map { Files.join(source, $0.path) }
        }
        try compiler.compileModule(
            "_Concurrency", paths("Concurrency"), object: "concurrency.o", in: folder, flags: ["-parse-stdlib"])
        try compiler.compileModule("DovetailGuest", paths("Swift"), object: "guest.o", in: folder)
        for file in sources where file.path.hasSuffix(".c") {
            try compiler.compileC(Files.join(source, file.path), to: Files.join(folder, file.stem + ".o"))
        }
    }

    /// The names of the compiled files.
    func files() throws(ToolchainError) -> [String] {
        do throws(SystemError) {
            return try Files.names(in: folder).filter { $0.hasSuffix(".o") || $0.hasSuffix(".swiftmodule") }
        } catch {
            throw .files("read folder", folder, error)
        }
    }

    /// The objects that a program is linked with.
    ///
    /// - Parameter allocates: whether the host may allocate memory in the component.
    func objects(_ options: GuestBuildOptions, allocates: Bool) -> [String] {
        var stems = GuestFile.all(in: "C").filter { $0.path.hasSuffix(".c") }.map(\.stem)
            .filter { !Self.optional.contains($0) }
        if allocates { stems.append("realloc") }
        if !options.hasUnicode { stems.append("unicode-none") }
        return (["guest", "concurrency"] + stems).map { Files.join(folder, $0 + ".o") }
    }
}
