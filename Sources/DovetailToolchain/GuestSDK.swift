// SPDX-License-Identifier: Apache-2.0

import DovetailJSON
import DovetailSystem

/// The bundle by which SwiftPM builds packages for components: `swift build --swift-sdk dovetail-guest`.
///
/// SwiftPM reads what compilers and linkers are told from a toolset, whose paths have to be absolute; so the bundle is made
/// where it stays, for one toolchain.
package enum GuestSDK {
    /// The name that `--swift-sdk` takes.
    package static let name = "dovetail-guest"

    /// Where SwiftPM looks for bundles; `nil` when the user has no home.
    package static func folder() -> String? {
        #if !os(macOS)
            if let configuration = ThisProcess.variable("XDG_CONFIG_HOME"), !configuration.isEmpty {
                return Files.join(configuration, "swiftpm/swift-sdks")
            }
        #endif
        return ThisProcess.variable("HOME").map { Files.join($0, ".swiftpm/swift-sdks") }
    }

    /// Writes the bundle, in the place of an older one.
    ///
    /// - Parameter folder: where bundles lie.
    /// - Returns: the path of the bundle.
    /// - Throws: ``ToolchainError`` when the runtime does not compile, or the bundle cannot be written.
    @discardableResult
    package static func write(
        to folder: String, _ toolchain: SwiftToolchain, _ options: GuestBuildOptions, version: String
    ) throws(ToolchainError) -> String {
        let runtime = try GuestRuntime(toolchain, options)
        do throws(SystemError) { try Files.makeDirectory(folder) } catch { throw .files("make folder", folder, error) }
        guard let place = Files.realPath(folder) else { throw .files("find", folder, .noSuchFile) }
        let bundle = Files.join(place, "\(name).artifactbundle")
        let guest = Files.join(bundle, "guest")
        let new = try TemporaryFolder.make(in: place, name)
        for (path, text) in files(guest, toolchain, runtime, options, version) {
            try write(Array(text.utf8), to: new.file(path))
        }
        for path in try runtime.files() {
            let source = Files.join(runtime.folder, path)
            let bytes: [UInt8]
            do throws(SystemError) { bytes = try Files.read(source) } catch { throw .files("read", source, error) }
            try write(bytes, to: new.file("guest/lib/" + path))
        }
        if Files.exists(bundle) {
            do throws(SystemError) { try Files.removeTree(bundle) } catch { throw .files("remove", bundle, error) }
        }
        guard new.move(to: bundle) || Files.isDirectory(bundle) else {
            throw .files("make folder", bundle, .accessDenied)
        }
        return bundle
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ToolchainError) {
        do throws(SystemError) {
            try Files.makeDirectories(above: path)
            try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        } catch {
            throw .files("write", path, error)
        }
    }

    private static func files(
        _ guest: String, _ toolchain: SwiftToolchain, _ runtime: GuestRuntime, _ options: GuestBuildOptions,
        _ version: String
    ) -> [(path: String, text: String)] {
        let library = Files.join(guest, "lib")
        let compiler = ToolCommands(toolchain, options)
        let objects = runtime.objects(options, allocates: true).map {
            Files.join(library, String($0.split(separator: "/").last ?? ""))
        }
        let trees: [(String, JSONTree)] = [
            (
                "info.json",
                .object([
                    ("schemaVersion", .string("1.0")),
                    (
                        "artifacts",
                        .object([
                            (
                                name,
                                .object([
                                    ("type", .string("swiftSDK")), ("version", .string(version)),
                                    ("variants", .array([.object([("path", .string("guest"))])])),
                                ])
                            )
                        ])
                    ),
                ])
            ),
            (
                "guest/swift-sdk.json",
                .object([
                    ("schemaVersion", .string("4.0")),
                    (
                        "targetTriples",
                        .object([
                            (
                                SwiftToolchain.target,
                                .object([
                                    ("sdkRootPath", .string(".")), ("toolsetPaths", .strings(["toolset.json"])),
                                ])
                            )
                        ])
                    ),
                ])
            ),
            (
                "guest/toolset.json",
                .object([
                    ("schemaVersion", .string("1.0")),
                    ("rootPath", .string(".")),
                    (
                        "swiftCompiler",
                        .object([("extraCLIOptions", .strings(compiler.packageFlags + ["-I", library]))])
                    ),
                    (
                        "linker",
                        .object([
                            (
                                "extraCLIOptions",
                                .strings(compiler.packageLinkFlags + objects + compiler.tables)
                            )
                        ])
                    ),
                ])
            ),
        ]
        return trees.map { ($0, $1.text(.lines) + "\n") }
    }
}
