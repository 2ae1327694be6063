// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// clang with the linker for WebAssembly, as Swift toolchains and LLVM's packages have them.
package struct CompilerTools: Sendable {
    /// The folder with `clang`, `clang++`, `wasm-ld` and `llvm-ar`.
    package let folder: String
    /// What `clang --version` says first.
    package let version: String

    private static let tools = ["clang", "clang++", "wasm-ld", "llvm-ar"]
    /// The least version of clang.
    private static let least = 19

    /// The tools in a folder.
    ///
    /// - Throws: ``PythonError`` when one is missing, or clang is too old or not one for WebAssembly.
    package init(at folder: String) throws(PythonError) {
        for tool in Self.tools where !Files.exists(Files.join(folder, tool)) {
            throw .noCompiler(folder, "it has no `\(tool)`")
        }
        let clang = Files.join(folder, "clang")
        guard let said = try? ChildProcess.run([clang, "--version"], timeLimit: 20), said.code == 0,
            let first = said.text.split(separator: "\n").first,
            let number = first.split(separator: " ").drop(while: { $0 != "version" }).dropFirst().first,
            let major = number.split(separator: ".").first.flatMap({ Int($0) })
        else { throw .noCompiler(folder, "`clang --version` does not say its version") }
        guard major >= Self.least else {
            throw .noCompiler(folder, "its clang is \(number), expected \(Self.least) or newer")
        }
        let targets = try? ChildProcess.run([clang, "--print-targets"], timeLimit: 20)
        guard targets?.text.contains("wasm32") == true else {
            throw .noCompiler(folder, "its clang does not compile for wasm32")
        }
        self.folder = folder
        version = String(first)
    }

    /// The tools in the folder that was named, else in the Swift toolchain that `DOVETAIL_TOOLCHAIN` names, else beside `swiftc` or
    /// a `clang` in `PATH`, else where Debian's and Homebrew's packages have them.
    ///
    /// - Throws: ``PythonError`` when there are none; it tells what the first lacks.
    package static func find(_ folder: String?) throws(PythonError) -> CompilerTools {
        if let folder { return try CompilerTools(at: Files.isDirectory(folder + "/bin") ? folder + "/bin" : folder) }
        var folders: [String] = []
        if let root = ThisProcess.variable("DOVETAIL_TOOLCHAIN"), !root.isEmpty {
            folders += ["\(root)/usr/bin", "\(root)/bin"]
        }
        for name in ["swiftc", "clang"] {
            for folder in (ThisProcess.variable("PATH") ?? "").split(separator: ":") {
                if let tool = Files.realPath("\(folder)/\(name)") { folders.append(tool.parentFolder) }
            }
        }
        folders += (least...30).reversed().map { "/usr/lib/llvm-\($0)/bin" } + ["/opt/homebrew/opt/llvm/bin"]
        var problem: PythonError?
        for folder in folders where Files.exists(folder) {
            do throws(PythonError) { return try CompilerTools(at: folder) } catch { problem = problem ?? error }
        }
        throw problem ?? .noCompiler("PATH", "there is no `swiftc` and no `clang`")
    }

    /// The path of a tool.
    func tool(_ name: String) -> String { Files.join(folder, name) }
}

extension String {
    /// The path without its last part.
    fileprivate var parentFolder: String { "/" + split(separator: "/").dropLast().joined(separator: "/") }
}
