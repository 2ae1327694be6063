// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Compiles C into shared libraries for wasm32, with clang and wasm-ld of the Swift toolchain and no C library.
package struct SharedLibraryCompiler: Sendable {
    /// What the toolchain said.
    package struct Failure: Error {
        /// Its output.
        package let text: String
    }

    /// The compiler, `nil` where the toolchain has none.
    package static let shared: SharedLibraryCompiler? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for folder in path.split(separator: ":") {
            let compiler = URL(fileURLWithPath: folder + "/swiftc").resolvingSymlinksInPath()
            let tools = compiler.deletingLastPathComponent().path
            if ["swiftc", "clang", "wasm-ld"].allSatisfy({
                FileManager.default.isExecutableFile(atPath: "\(tools)/\($0)")
            }) {
                return SharedLibraryCompiler(tools: tools)
            }
        }
        print("shared libraries are not tested: no Swift toolchain in PATH has clang and wasm-ld")
        return nil
    }()

    private let tools: String

    /// Compiles `source`; what it declares as `EXPORTED` is visible to other libraries.
    ///
    /// - Throws: ``Failure`` with what the toolchain said.
    package func library(_ source: String) throws -> [UInt8] {
        try ScratchFolder.with { folder in
            let file = try folder.write(source.utf8, to: "library.c")
            let outcome = try BuiltProduct.runHoldingThread(
                "\(tools)/clang",
                [
                    "--target=wasm32-unknown-unknown", "-std=gnu17", "-Os", "-ffreestanding", "-nostdlib", "-fPIC",
                    "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", "-mbulk-memory", "-shared",
                    "-DEXPORTED=__attribute__((visibility(\"default\")))",
                    "-Wl,--experimental-pic,--no-entry,--unresolved-symbols=import-dynamic", file, "-o",
                    folder.file("library.wasm"),
                ])
            guard outcome.code == 0 else { throw Failure(text: outcome.output + outcome.errors) }
            return try TestFiles.bytes(folder.file("library.wasm"))
        }
    }
}
