// SPDX-License-Identifier: Apache-2.0

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
        let new = try TemporaryFolder(in: place, name)
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
            if let slash = path.lastIndex(of: "/") { try Files.makeDirectory(String(path[..<slash])) }
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
        return [
            (
                "info.json",
                """
                {
                  "schemaVersion": "1.0",
                  "artifacts": {
                    \(quoted(name)): {
                      "type": "swiftSDK",
                      "version": \(quoted(version)),
                      "variants": [{ "path": "guest" }]
                    }
                  }
                }

                """
            ),
            (
                "guest/swift-sdk.json",
                """
                {
                  "schemaVersion": "4.0",
                  "targetTriples": {
                    \(quoted(SwiftToolchain.target)): { "sdkRootPath": ".", "toolsetPaths": ["toolset.json"] }
                  }
                }

                """
            ),
            (
                "guest/toolset.json",
                """
                {
                  "schemaVersion": "1.0",
                  "rootPath": ".",
                  "swiftCompiler": { "extraCLIOptions": \(list(compiler.packageFlags + ["-I", library])) },
                  "linker": { "extraCLIOptions": \(list(compiler.packageLinkFlags + objects + compiler.tables)) }
                }

                """
            ),
        ]
    }

    private static func list(_ words: [String]) -> String { "[" + words.map(quoted).joined(separator: ", ") + "]" }

    /// A string of JSON.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
