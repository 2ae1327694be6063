// SPDX-License-Identifier: Apache-2.0

import DovetailJSON
import DovetailSystem

/// A Swift toolchain on this machine that compiles Embedded Swift for WebAssembly.
package struct SwiftToolchain: Sendable {
    /// What components are compiled for.
    package static let target = "wasm32-unknown-none-wasm"

    /// The folder with `bin` and `lib`.
    package let root: String

    /// What has to be in ``root``, and what it is.
    private static let parts = [
        ("bin/swiftc", "the Swift compiler"), ("bin/clang", "the C compiler"),
        ("bin/wasm-ld", "the linker for WebAssembly"),
        (
            "lib/swift/embedded/Swift.swiftmodule/\(target).swiftmodule",
            "Embedded Swift's standard library for \(target)"
        ),
        ("lib/swift/embedded/\(target)/libswiftUnicodeDataTables.a", "the Unicode tables for \(target)"),
    ]

    /// The toolchain in a folder.
    ///
    /// - Parameter root: the folder with `bin` and `lib`, or the one around `usr`.
    /// - Throws: ``ToolchainError`` when a part is missing.
    package init(at root: String) throws(ToolchainError) {
        let inside = Files.join(root, "usr")
        self.root = Files.exists(inside + "/bin/swiftc") ? inside : root
        for (path, what) in Self.parts where !Files.exists(tool(path, in: "")) {
            throw .missingPart(path, what, of: self.root)
        }
    }

    /// The toolchain that `DOVETAIL_TOOLCHAIN` names, else the first in `PATH` that has all that is needed.
    ///
    /// - Throws: ``ToolchainError`` when there is none; it tells what the first one in `PATH` lacks.
    package static func find() throws(ToolchainError) -> SwiftToolchain {
        if let chosen = ThisProcess.variable("DOVETAIL_TOOLCHAIN"), !chosen.isEmpty {
            return try SwiftToolchain(at: chosen)
        }
        var firstProblem: ToolchainError?
        for folder in (ThisProcess.variable("PATH") ?? "").split(separator: ":") {
            guard let compiler = Files.realPath("\(folder)/swiftc") else { continue }
            do throws(ToolchainError) {
                return try SwiftToolchain(at: root(of: compiler))
            } catch {
                // The command may be a stand-in, as swiftly's, that only starts the true one.
                if let root = askedRoot("\(folder)/swiftc"), let found = try? SwiftToolchain(at: root) { return found }
                if firstProblem == nil { firstProblem = error }
            }
        }
        throw firstProblem ?? .noToolchain()
    }

    private static func root(of compiler: String) -> String {
        compiler.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
    }

    /// The root that a compiler tells.
    private static func askedRoot(_ compiler: String) -> String? {
        guard let answer = try? ChildProcess.run([compiler, "-print-target-info"], timeLimit: 20), answer.code == 0,
            let tree = try? JSONTree(reading: answer.text),
            let path = try? JSONPlace(tree).member("paths")?.member("runtimeResourcePath")?.text()
        else { return nil }
        // …/usr/lib/swift
        return root(of: path)
    }

    /// The path of a tool.
    package func tool(_ name: String, in folder: String = "bin") -> String {
        Files.join(Files.join(root, folder), name)
    }

    /// The archive of the Unicode tables.
    package var unicodeTables: String { "\(root)/lib/swift/embedded/\(Self.target)/libswiftUnicodeDataTables.a" }

    /// A text that is another one for another compiler.
    var identity: String {
        let compilers = ["bin/swift-frontend", "bin/clang"].map { name -> String in
            let path = Files.realPath(tool(name, in: "")) ?? name
            guard let status = Files.status(path) else { return path }
            return "\(path) \(status.size) \(status.modified.seconds)"
        }
        return compilers.joined(separator: "\n")
    }
}
