// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// The headers of CPython 3.14, which nothing on the package index has.
struct PythonHeaders {
    /// The folder with `Python.h`.
    let folder: String
    /// The file `pyconfig.h`, for this machine.
    let configuration: String
    /// Where they are from, and their licence.
    let origin: String

    /// Those of a Python 3.14 of this machine; `nil` where there is none with headers.
    static func installed() -> PythonHeaders? {
        let question =
            "import sysconfig; print(sysconfig.get_path('include')); print(sysconfig.get_config_h_filename())"
        for python in HostPython.all() where python.isTarget {
            guard let outcome = try? ChildProcess.run([python.path, "-c", question], timeLimit: 20), outcome.code == 0
            else { continue }
            let lines = outcome.text.split(separator: "\n").map(String.init)
            if lines.count == 2, Files.exists(lines[0] + "/Python.h"), Files.exists(lines[1]) {
                return PythonHeaders(
                    folder: lines[0], configuration: lines[1], origin: "the headers of \(python.path), PSF-2.0")
            }
        }
        return nil
    }

    /// Those of Debian's package, fetched by apt, which checks Debian's signatures.
    ///
    /// - Parameter scratch: a folder for what is fetched.
    /// - Throws: ``PythonError`` when this is no Debian, or the package cannot be fetched.
    static func fetched(in scratch: String) throws(PythonError) -> PythonHeaders {
        let keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
        guard Files.exists(keys) else { throw .noHeaders("there is no Debian's `\(keys)`") }
        let folders = ["lists/partial", "cache/archives/partial", "state", "package", "files"]
        let sources = "deb [signed-by=\(keys)] \(mirror) sid main\n"
        let settings = """
            Dir::Etc::sourcelist "\(scratch)/sources.list";
            Dir::Etc::sourceparts "\(scratch)/none";
            Dir::State "\(scratch)/state";
            Dir::State::lists "\(scratch)/lists";
            Dir::Cache "\(scratch)/cache";
            APT::Sandbox::User "root";
            Acquire::Languages "none";

            """
        do throws(SystemError) {
            for folder in folders { try Files.makeDirectories(above: "\(scratch)/\(folder)/x") }
            for (name, text) in [("sources.list", sources), ("apt.conf", settings)] {
                try Array(text.utf8).withRawBytes { (bytes) throws(SystemError) in
                    try Files.replace("\(scratch)/\(name)", with: bytes)
                }
            }
        } catch {
            throw .temporary(error)
        }
        let apt = ["env", "APT_CONFIG=\(scratch)/apt.conf", "LC_ALL=C", "apt-get", "-qq"]
        try run(apt + ["update"])
        try run(["sh", "-c", "cd \"$0\" && exec \"$@\"", scratch + "/package"] + apt + ["download", package])
        let packages = ((try? Files.names(in: scratch + "/package")) ?? []).filter { $0.hasSuffix(".deb") }
        guard let file = packages.first else { throw .noHeaders("apt has fetched no `\(package)`") }
        try run(["dpkg-deb", "-x", "\(scratch)/package/\(file)", scratch + "/files"])
        let include = scratch + "/files/usr/include"
        let machines = ((try? Files.names(in: include)) ?? []).map { "\(include)/\($0)/python3.14/pyconfig.h" }
        guard let configuration = machines.first(where: Files.exists) else {
            throw .noHeaders("`\(file)` has no `pyconfig.h`")
        }
        let version = file.split(separator: "_").dropFirst().first ?? "?"
        return PythonHeaders(
            folder: include + "/python3.14", configuration: configuration,
            origin: "the headers of Debian's \(package) \(version), PSF-2.0")
    }

    private static let package = "libpython3.14-dev"

    private static func run(_ command: [String]) throws(PythonError) {
        let outcome: ChildProcess.Outcome
        do { outcome = try ChildProcess.run(command, timeLimit: 600) } catch {
            throw .noHeaders("\(command[0]): \(error)")
        }
        guard outcome.code == 0 else { throw .noHeaders(outcome.text) }
    }

    /// The mirror that this machine's apt uses.
    private static var mirror: String {
        let parts = "/etc/apt/sources.list.d"
        let files = ["/etc/apt/sources.list"] + ((try? Files.names(in: parts)) ?? []).sorted().map { "\(parts)/\($0)" }
        for file in files {
            guard let bytes = try? Files.read(file) else { continue }
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
                for word in line.split(separator: " ") where word.hasPrefix("http") {
                    let place = word.hasSuffix("/") ? word.dropLast() : word
                    if place.hasSuffix("/debian") { return String(place) }
                }
            }
        }
        return "http://deb.debian.org/debian"
    }
}

/// `pyconfig.h` for the carrier's CPython.
enum PythonConfigHeader {
    /// The text of one: names and order of `template`, for another machine, with the values of the carrier's build.
    ///
    /// - Parameter variables: those of the carrier's `_sysconfigdata`.
    static func text(_ template: String, _ variables: [String: String]) -> String {
        var text = ""
        for line in template.split(separator: "\n", omittingEmptySubsequences: false) {
            text += definition(line, variables) ?? String(line)
            text += "\n"
        }
        return text
    }

    /// What configure finds for WASI: names with an underscore in front are missing among the variables.
    private static let underscored: [String: String?] = [
        "_PYTHREAD_NAME_MAXLEN": nil, "_WASI_EMULATED_GETPID": "1", "_WASI_EMULATED_PROCESS_CLOCKS": "1",
        "_WASI_EMULATED_SIGNAL": "1", "_POSIX_THREADS": nil, "_REENTRANT": nil, "_Py_HAVE_STRERROR_R": nil,
        "_Py_HACL_CAN_COMPILE_VEC128": nil, "_Py_HACL_CAN_COMPILE_VEC256": nil, "_Py_FFI_SUPPORT_C_COMPLEX": nil,
        "HAVE_DL_ITERATE_PHDR": nil,
    ]

    /// The line for another value; `nil` for lines that stay.
    private static func definition(_ line: Substring, _ variables: [String: String]) -> String? {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        let name: Substring
        let isZero = words.last == "0"
        let isUndefined = words.first == "/*"
        var start = "#define"
        if words.count >= 3, words[0] == "/*", words[1] == "#undef" {
            name = words[2]
        } else if words.count >= 2, words[0] == "#define" {
            name = words[1]
        } else if words.count >= 3, words[0] == "#", words[1] == "define" {
            name = words[2]
            start = line.prefix { $0 != "d" } + "define"
        } else {
            return nil
        }
        if name == "Py_PYCONFIG_H" { return nil }
        if let known = underscored[String(name)] {
            return known.map { "\(start) \(name) \($0)" } ?? "/* #undef \(name) */"
        }
        guard let value = variables[String(name)] else { return nil }
        if value == "0", !name.hasPrefix("HAVE_DECL_"), !isZero { return "/* #undef \(name) */" }
        if value.isEmpty { return isUndefined ? nil : "\(start) \(name)" }
        return "\(start) \(name) \(spelled(value))"
    }

    /// A value as C has it: numbers, names, quoted and bracketed texts as they are, others quoted.
    private static func spelled(_ value: String) -> String {
        let isPlain = value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.+-".contains($0)) }
        let isWrapped =
            value.hasPrefix("\"") && value.hasSuffix("\"") || value.hasPrefix("(") && value.hasSuffix(")")
        if isPlain || isWrapped { return value }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
