// SPDX-License-Identifier: Apache-2.0

/// What Python has elsewhere and components do not have: threads, other processes, modules for parts of an operating system.
enum MissingFeature {
    /// A sentence about the exception at the end of a traceback; `nil` where it is about something else.
    static func sentence(for exception: Substring) -> String? {
        if let text = exceptions.first(where: { exception.hasPrefix($0.key) })?.value { return text }
        guard exception.hasPrefix("ModuleNotFoundError: No module named '") else { return nil }
        guard let name = exception.split(separator: "'").dropFirst().first.map(String.init) else { return nil }
        return reasons.first { $0.modules.contains(name) }.map { "components do not have `\(name)`: \($0.text)" }
    }

    private static let processes = "a component cannot start other programs or processes"
    private static let exceptions = [
        "RuntimeError: can't start new thread":
            "a component has one thread: nothing can start another, neither when the app is imported nor later",
        "OSError: [Errno 58] wasi does not support processes": processes,
        "AttributeError: module 'os' has no attribute 'fork'": processes,
        "AttributeError: module 'os' has no attribute 'system'": processes,
    ]
    private static let reasons: [(modules: Set<String>, text: String)] = [
        (["_multiprocessing", "_posixshmem", "_posixsubprocess"], processes),
        (["_interpreters", "_interpchannels", "_interpqueues"], "there is one interpreter"),
        (
            ["_ssl"],
            "TLS is the host's; `http.client` and `urllib.request` send https where the world imports `wasi:http`"
        ),
        (["termios", "_curses", "_curses_panel", "readline"], "there is no terminal"),
        (["fcntl", "resource", "syslog", "pwd", "grp"], "there is no operating system with users, limits and locks"),
        (
            ["_ctypes", "_tkinter", "_bz2", "_lzma", "_zstd", "_dbm", "_gdbm", "_uuid", "_hashlib"],
            "CPython for WebAssembly is built without it"
        ),
        (["msvcrt", "nt", "winreg", "winsound", "_winapi", "_overlapped"], "it is for Windows"),
    ]
}
