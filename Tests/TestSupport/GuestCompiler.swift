// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Compiles Swift guests with the toolchain that the tests were built with, and the runtime in `Sources/DovetailGuest`.
package struct GuestCompiler: Sendable {
    /// What the toolchain said.
    package struct Failure: Error {
        /// Its output.
        package let text: String
    }

    /// How much the compiler does for small code.
    package enum Optimization: String, Sendable {
        case size = "-Osize", speed = "-O"
    }

    /// The compiler, `nil` where the toolchain cannot compile for wasm32.
    package static let shared: GuestCompiler? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for folder in path.split(separator: ":") {
            let compiler = URL(fileURLWithPath: folder + "/swiftc").resolvingSymlinksInPath()
            let root = compiler.deletingLastPathComponent().deletingLastPathComponent().path
            let needed = ["bin/swiftc", "bin/clang", "bin/wasm-ld", "lib/swift/embedded/\(target)"]
            if needed.allSatisfy({ FileManager.default.fileExists(atPath: "\(root)/\($0)") }) {
                return try? GuestCompiler(root: root)
            }
        }
        print("Swift guests are not tested: no toolchain in PATH compiles Embedded Swift for \(target)")
        return nil
    }()

    private static let target = "wasm32-unknown-none-wasm"
    private static let source = TestFiles.root + "/Sources/DovetailGuest"

    private let root: String
    /// What is compiled once: the module, and the runtime's objects.
    private let library: ScratchFolder
    private static let library: Result<ScratchFolder, any Error> = Result { try ScratchFolder() }

    private init(root: String) throws {
        self.root = root
        library = try Self.library.get()
        let modules = try Self.files("Swift", ".swift")
        try swift(
            ["-parse-as-library", "-module-name", "DovetailGuest", "-emit-module", "-emit-module-path"]
                + [library.file("DovetailGuest.swiftmodule"), "-c"] + modules + ["-o", library.file("guest.o")], .size)
        for file in try Self.files("C", ".c") {
            let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            try run(
                "clang",
                [
                    "--target=\(Self.target)", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-mbulk-memory", "-Os",
                    "-fno-stack-protector", "-ffunction-sections", "-fdata-sections", "-c", file, "-o",
                    library.file("\(name).o"),
                ])
        }
    }

    private static func files(_ folder: String, _ suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(source)/\(folder)").filter { $0.hasSuffix(suffix) }
            .sorted().map { "\(source)/\(folder)/\($0)" }
    }

    private func run(_ tool: String, _ arguments: [String]) throws {
        let outcome = try BuiltProduct.run("\(root)/bin/\(tool)", arguments)
        guard outcome.code == 0 else { throw Failure(text: outcome.output + outcome.errors) }
    }

    private func swift(_ arguments: [String], _ optimization: Optimization) throws {
        try run(
            "swiftc",
            [
                "-target", Self.target, "-enable-experimental-feature", "Embedded", "-enable-experimental-feature",
                "Extern", "-wmo", "-swift-version", "6", "-warnings-as-errors", optimization.rawValue,
            ] + arguments)
    }

    /// Compiles and links a guest.
    ///
    /// - Parameters:
    ///   - sources: the paths of all files.
    ///   - allocates: whether `cabi_realloc` is exported.
    ///   - hasUnicode: whether strings are compared by Unicode's rules, with its tables.
    /// - Returns: the core module.
    /// - Throws: ``Failure`` with what the toolchain said.
    package func coreModule(
        _ sources: [String], _ optimization: Optimization = .size, allocates: Bool = true, hasUnicode: Bool = true
    ) throws -> [UInt8] {
        try ScratchFolder.with { folder in
            try swift(
                ["-parse-as-library", "-module-name", "Guest", "-I", library.path, "-c"] + sources
                    + ["-o", folder.file("app.o")], optimization)
            let objects = ["guest", "foreign", "allocator", "memory", "panic", "random", "int128"]
            let tables = "\(root)/lib/swift/embedded/\(Self.target)/libswiftUnicodeDataTables.a"
            try run(
                "wasm-ld",
                ["--no-entry", "--gc-sections", "--strip-all", "-z", "stack-size=65536", "--stack-first"]
                    + [folder.file("app.o")] + objects.map { library.file("\($0).o") }
                    + (allocates ? [library.file("realloc.o")] : [])
                    + [hasUnicode ? tables : library.file("unicode-none.o"), "-o", folder.file("app.wasm")])
            return try TestFiles.bytes(folder.file("app.wasm"))
        }
    }
}
