// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailJSON
import DovetailSystem

/// What native Python packages are compiled with for WASI, in the user's cache.
///
/// Its parts: headers of WASI's C library and of libc++, and routines of the compiler's, from the wheel of Zig; headers of CPython
/// 3.14; the libraries of the carrier, against which everything is linked; scripts that build backends call as compilers; and what
/// these backends ask of CPython. Another carrier, compiler, Python or version of this library has another folder.
package struct WheelToolchain: Sendable {
    /// The folder.
    package private(set) var folder: String
    /// The Python environment with pip, uv and what reads and writes wheels.
    let environment: String
    /// Tells what wheels are made with from all others.
    private(set) var compilerIdentity: String
    /// Dovetail's folder in the user's cache, and CPython's in it.
    let cache: String
    /// The compiler.
    let tools: CompilerTools
    /// The Python that backends run in.
    let python: HostPython

    /// The toolchain, laid out where it is missing.
    ///
    /// - Parameters:
    ///   - cache: Dovetail's folder in the user's cache; `nil` for the usual one.
    ///   - report: is told what takes long, and what is fetched.
    /// - Throws: ``PythonError`` when a part is missing and cannot be fetched, or the cache cannot be written.
    package static func load(
        _ carrier: PythonCarrier, _ tools: CompilerTools, _ python: HostPython, cache: String? = nil,
        report: @escaping (String) -> Void = { _ in }
    ) throws(PythonError) -> WheelToolchain {
        guard let cache = cache ?? EngineLibrary.userCacheFolder() else { throw .noCache() }
        let root = cache + "/python"
        let packages =
            PinnedPackage.tools.map(\.requirement) + [python.path, python.version, WheelFile.text("hook.py")]
        let environment = "\(root)/tools-\(Self.hash(packages.joined(separator: "\n")))"
        var toolchain = WheelToolchain(
            folder: root + "/toolchain", environment: environment, compilerIdentity: "", cache: root, tools: tools,
            python: python)
        // What is written has the environment's name in it, and the compiler's.
        var parts = [carrier.folder, tools.version, PinnedPackage.zig.requirement]
        parts += WheelFile.all.filter { $0.key != helperFile }.sorted { $0.key < $1.key }.map(\.value)
        parts += toolchain.files(carrier).map(\.text) + others.sorted() + standardLibrary + standardLibraryFlags
        parts += toolchain.sysconfig.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        toolchain.compilerIdentity = hash(parts.joined(separator: "\n"))
        // The helper takes no part in builds: another one makes another folder, and the same wheels.
        toolchain.folder += "-" + hash(toolchain.compilerIdentity + WheelFile.text(helperFile))
        try toolchain.installEnvironment(report)
        try toolchain.installFiles(carrier, report)
        return toolchain
    }

    private static let helperFile = "helper.py"

    static func hash(_ text: String) -> String {
        let digits = Array(text.utf8).withUnsafeBytes(SHA256.hexadecimal) ?? "0"
        return String(digits.prefix(16))
    }

    /// The path of a program of the environment.
    func program(_ name: String) -> String { "\(environment)/bin/\(name)" }

    /// Runs the helper in Python.
    func helper(_ words: [String], timeLimit: UInt32 = 600) throws(PythonError) -> ChildProcess.Outcome {
        try run([program("python"), folder + "/" + Self.helperFile] + words, timeLimit: timeLimit)
    }

    func run(_ command: [String], timeLimit: UInt32 = 3600) throws(PythonError) -> ChildProcess.Outcome {
        do { return try ChildProcess.run(command, timeLimit: timeLimit) } catch {
            throw .noInterpreter(command[0], error.description)
        }
    }

    // MARK: - The environment

    private func installEnvironment(_ report: (String) -> Void) throws(PythonError) {
        guard !Files.exists(environment + "/complete") else { return }
        report(
            "fetching tools for wheels ("
                + PinnedPackage.tools.map { "\($0.name) \($0.version)" }.joined(separator: ", ") + ")")
        try installing(environment) { scratch throws(PythonError) in
            try check(try run([python.path, "-m", "venv", scratch]), "a Python environment")
            try write(requirements(PinnedPackage.tools), to: scratch + "/requirements.txt")
            try checkFetched(
                try run(
                    [
                        scratch + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                        "--no-deps",
                    ]
                        + ["--only-binary=:all:", "--require-hashes", "-r", scratch + "/requirements.txt"]),
                "the tools for wheels")
            let libraries = (try? Files.names(in: scratch + "/lib"))?.first { $0.hasPrefix("python3") } ?? "python3"
            let packages = "\(scratch)/lib/\(libraries)/site-packages"
            try write(WheelFile.text("hook.py"), to: packages + "/dovetail_wheel_hook.py")
            try write("import dovetail_wheel_hook\n", to: packages + "/dovetail_wheel.pth")
            try write("", to: scratch + "/complete")
        }
    }

    private func requirements(_ packages: [PinnedPackage]) -> String {
        packages.map { $0.requirement + "\n" }.joined()
    }

    // MARK: - The files

    private func installFiles(_ carrier: PythonCarrier, _ report: (String) -> Void) throws(PythonError) {
        guard !Files.exists(folder + "/NOTICE.txt") else { return }
        try installing(folder) { scratch throws(PythonError) in
            let zig = PinnedPackage.zig
            report("fetching headers for WASI (\(zig.name) \(zig.version), MIT and others)")
            let fetched = scratch + "/fetched"
            try write(requirements([zig]), to: scratch + "/requirements.txt")
            try checkFetched(
                try run(
                    [program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
                        + ["--only-binary=:all:", "--require-hashes", "--no-compile", "--target", fetched]
                        + ["-r", scratch + "/requirements.txt"]),
                "`\(zig.name)`")
            try copyHeaders(from: fetched + "/ziglang", to: scratch)
            try copyCompilerHeaders(to: scratch + "/clang/include")
            try makeBuiltins(from: fetched + "/ziglang", to: scratch)
            let origin = try addPython(carrier, to: scratch, report)
            for (path, text, isExecutable) in files(carrier) {
                try write(text, to: "\(scratch)/\(path)", isExecutable: isExecutable)
            }
            try write(Self.lines(EmulatedStatus.names + symbols(of: carrier)), to: scratch + "/lib/symbols.txt")
            try makeLibraries(in: scratch)
            try makeStandardLibrary(from: fetched + "/ziglang/lib", in: scratch)
            try? Files.removeTree(fetched)
            try? Files.removeTree(scratch + "/debian")
            try write(notice(origin), to: scratch + "/NOTICE.txt")
        }
    }

    private func copy(_ source: String, to target: String) throws(PythonError) {
        try writing { () throws(SystemError) in try Files.makeDirectories(above: target) }
        try check(try run(["cp", "-R", source, target]), "`\(source)`")
    }

    private func copyHeaders(from zig: String, to scratch: String) throws(PythonError) {
        let headers = zig + "/lib/libc/include"
        try copy(headers + "/generic-musl", to: scratch + "/sysroot/include")
        // What is WASI's own takes the place of what is general.
        try copy(headers + "/wasm-wasi-musl/.", to: scratch + "/sysroot/include")
        try copy(zig + "/lib/libcxx/include", to: scratch + "/c++/v1")
        try copy(zig + "/lib/libcxxabi/include/.", to: scratch + "/c++/v1")
        try copy(zig + "/lib/libcxx/LICENSE.TXT", to: scratch + "/licenses/libc++.txt")
        try copy(zig + "/lib/libcxxabi/LICENSE.TXT", to: scratch + "/licenses/libc++abi.txt")
        try copy(zig + "/lib/libc/wasi/LICENSE", to: scratch + "/licenses/wasi-libc.txt")
        try copy(zig + "/LICENSE", to: scratch + "/licenses/zig.txt")
        try write(WheelFile.text("config_site.h"), to: scratch + "/c++/config_site.h")
        try write(WheelFile.text("fenv.h"), to: scratch + "/include/fenv.h")
    }

    /// Copies the headers that come with clang, without those for other machines: packages that look whether `arm_neon.h` is there, and
    /// include it, would find that it cannot be used.
    private func copyCompilerHeaders(to folder: String) throws(PythonError) {
        let told = try run([tools.tool("clang"), "-print-resource-dir"], timeLimit: 20)
        let source = told.text.split(separator: "\n").first.map { "\($0)/include" } ?? ""
        let names = (try? Files.names(in: source)) ?? []
        guard names.contains("stddef.h") else { throw .noCompiler(tools.folder, "it has no headers in `\(source)`") }
        let general = [
            "std", "__std", "float", "__float", "limits", "inttypes", "iso646", "tgmath", "unwind", "varargs", "wasm",
        ]
        for name in names where name.hasSuffix(".h") && general.contains(where: name.hasPrefix) {
            try copy("\(source)/\(name)", to: "\(folder)/\(name)")
        }
    }

    /// What else is in the compiler's library: the C library of the carrier has it, and better.
    private static let others: Set<String> = [
        "sin", "cos", "tan", "sincos", "exp", "exp2", "log", "log2", "log10", "fma", "fmod", "fmax", "fmin", "fabs",
        "floor_ceil", "round", "trunc", "sqrt", "memcpy", "memmove", "ssp", "clear_cache", "os_version_check",
        "atomics",
        "stack_probe", "emutls", "limb64", "divmodei4", "udivmodei4",
    ]

    /// The routines that compiled code calls: numbers of 128 bits, `long double`, complex numbers.
    private func makeBuiltins(from zig: String, to scratch: String) throws(PythonError) {
        let source = zig + "/lib/compiler_rt.zig"
        let bytes: [UInt8]
        do { bytes = try Files.read(source) } catch { throw .missingInside("lib/compiler_rt.zig", of: "ziglang") }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.filter { line in
            if let range = line.firstRange(of: "@import(\"compiler_rt/") {
                return !Self.others.contains(String(line[range.upperBound...].prefix { $0 != "." }))
            }
            return !["memset", "memcmp", "bcmp", "strlen"].contains { line.contains("symbol(&\($0),") }
        }
        try write(kept.joined(separator: "\n"), to: source)
        let object = scratch + "/builtins.o"
        let made = try run(
            [
                zig + "/zig", "build-obj", source, "-target", "wasm32-wasi", "-fPIC", "-O", "ReleaseFast",
                "--cache-dir", scratch + "/fetched/cache", "--global-cache-dir", scratch + "/fetched/cache",
                "-femit-bin=" + object,
            ], timeLimit: 300)
        try check(made, "the routines of the compiler's library")
        try archive([object], as: "builtins", in: scratch)
    }

    private func archive(_ objects: [String], as name: String, in scratch: String) throws(PythonError) {
        let library = "\(scratch)/lib/lib\(name).a"
        try writing { () throws(SystemError) in try Files.makeDirectories(above: library) }
        try check(try run([tools.tool("llvm-ar"), "rcsD", library] + objects), "`lib\(name).a`")
        for object in objects { try? Files.remove(object) }
    }

    /// Adds CPython's headers and what its build tells of itself; returns where the headers are from.
    private func addPython(
        _ carrier: PythonCarrier, to scratch: String, _ report: (String) -> Void
    ) throws(PythonError) -> String {
        let headers: PythonHeaders
        if let installed = PythonHeaders.installed() {
            headers = installed
        } else {
            report("fetching headers of CPython 3.14 (Debian's libpython3.14-dev, PSF-2.0)")
            headers = try PythonHeaders.fetched(in: scratch + "/debian")
        }
        try copy(headers.folder, to: scratch + "/python")
        let module = "_sysconfigdata__wasi_wasm32-wasi.py"
        try write(WheelFile.text(Self.helperFile), to: scratch + "/" + Self.helperFile)
        let told = try run(
            [program("python"), scratch + "/" + Self.helperFile, "variables", "\(carrier.standardLibrary)/\(module)"])
        try check(told, "the variables of CPython's build")
        guard case .object(let members)? = try? JSONTree(reading: told.text),
            let template = try? Files.read(headers.configuration)
        else { throw .missingInside(module, of: carrier.standardLibrary) }
        var variables = members
        var texts: [String: String] = [:]
        for member in members {
            if case .string(let text) = member.value {
                texts[member.key] = text
            } else {
                texts[member.key] = member.value.text()
            }
        }
        try write(
            PythonConfigHeader.text(String(decoding: template, as: UTF8.self), texts),
            to: scratch + "/python/pyconfig.h")
        let ours = sysconfig
        variables.removeAll { ours[$0.key] != nil }
        variables += ours.sorted { $0.key < $1.key }.map { JSONTree.Member($0.key, .string($0.value)) }
        try write("build_time_vars = " + JSONTree.object(variables).text() + "\n", to: "\(scratch)/sysconfig/\(module)")
        return headers.origin
    }

    /// The variables that tell build backends how to compile.
    private var sysconfig: [String: String] {
        let flags = "-O2 -DNDEBUG -fvisibility=hidden -fno-strict-overflow"
        let (cc, cxx) = (folder + "/bin/cc", folder + "/bin/c++")
        return [
            "CC": cc, "CXX": cxx, "LDSHARED": cc + " -shared", "LDCXXSHARED": cxx + " -shared",
            "BLDSHARED": cc + " -shared",
            "LINKCC": cc, "AR": tools.tool("llvm-ar"), "CFLAGS": flags, "PY_CFLAGS": flags, "OPT": "", "BASECFLAGS": "",
            "CCSHARED": "-fPIC", "LDFLAGS": "", "PY_LDFLAGS": "", "CPPFLAGS": "", "PY_CPPFLAGS": "",
            "INCLUDEPY": folder + "/python", "CONFINCLUDEPY": folder + "/python", "LIBDIR": folder + "/lib",
            "LIBPL": folder + "/lib", "SHLIB_SUFFIX": ".so", "EXT_SUFFIX": WheelTag.suffix,
        ]
    }

    /// What is written as it is, by the paths in ``folder``.
    private func files(_ carrier: PythonCarrier) -> [(path: String, text: String, isExecutable: Bool)] {
        let values = ["ROOT": folder, "TOOLS": tools.folder, "LIBRARIES": carrier.folder + "/lib"]
        let compiler = WheelFile.text("compiler.sh", values)
        // `-I`: by `PYTHONPATH`, pip hides the environment's packages from all that a build starts.
        let pkgconf = "#!/bin/sh\nexec '\(program("python"))' -I -m pkgconf \"$@\"\n"
        let blas =
            "Name: \(Self.blas)\nDescription: CBLAS and loops of NumPy in vectors of 128 bits\nVersion: 1.0\n"
            + "Libs: \(folder)/lib/libblas.a \(folder)/lib/libloops.a \(Self.loops)\nCflags:\n"
        return [
            ("bin/cc", compiler, true), ("bin/c++", compiler, true), ("bin/pkg-config", pkgconf, true),
            ("meson.cross", WheelFile.text("meson.cross", values), false),
            ("toolchain.cmake", WheelFile.text("toolchain.cmake", values), false),
            ("cmake/Platform/WASI.cmake", "# For a CMake that does not know WASI.\nset(WASI 1)\n", false),
            ("lib/supplied.txt", Self.lines(EmulatedStatus.names), false), ("pkgconfig/\(Self.blas).pc", blas, false),
            ("sysconfig/build-details.json", buildDetails.text() + "\n", false),
        ]
    }

    /// What pkg-config knows the library for products of matrices by. Of one that is called `blas` Meson expects Fortran's functions.
    static let blas = "dovetail-blas"
    /// What the linker takes from the library of loops in place of NumPy's own.
    private static let loops = "-Wl,--wrap=DOUBLE_exp -Wl,--wrap=DOUBLE_log"

    private static func lines(_ names: [String]) -> String { names.joined(separator: "\n") + "\n" }

    /// What the libraries of the carrier export.
    private func symbols(of carrier: PythonCarrier) throws(PythonError) -> [String] {
        var names: Set<String> = []
        for file in CarrierContents.pinned.libraries where Files.exists(carrier.library(file.name)) {
            let bytes = try carrier.bytes(ofLibrary: file.name)
            do throws(BinaryError) { names.formUnion(try CoreModuleBinary.decode(bytes).exports.map(\.name)) } catch {
                throw .missingInside("exports", of: file.name)
            }
        }
        return names.sorted()
    }

    /// What CPython's build tells of itself. (PEP 739)
    private var buildDetails: JSONTree {
        let version = JSONTree.object([
            ("major", .number(3)), ("minor", .number(14)), ("micro", .number(0)),
            ("releaselevel", .string("final")), ("serial", .number(0)),
        ])
        return .object([
            ("schema_version", .string("1.0")), ("base_prefix", .string(folder)),
            ("base_interpreter", .string(program("python"))), ("platform", .string("wasi-wasm32")),
            ("language", .object([("version", .string("3.14")), ("version_info", version)])),
            (
                "implementation",
                .object([
                    ("name", .string("cpython")), ("cache_tag", .string("cpython-314")),
                    ("hexversion", .number(51249392)),
                    ("version", version),
                ])
            ),
            (
                "abi",
                .object([
                    ("flags", .array([])), ("extension_suffix", .string(WheelTag.suffix)),
                    ("stable_abi_suffix", .string(".abi3.so")),
                ])
            ),
            (
                "suffixes",
                .object([
                    ("source", .strings([".py"])), ("bytecode", .strings([".pyc"])),
                    ("extensions", .strings([WheelTag.suffix, ".abi3.so", ".so"])),
                ])
            ),
            ("libpython", .object([("link_extensions", .bool(false))])),
            ("c_api", .object([("headers", .string(folder + "/python"))])),
        ])
    }

    private func makeLibraries(in scratch: String) throws(PythonError) {
        for name in ["blas", "exceptions", "loops"] {
            let (source, object) = ("\(scratch)/\(name).c", "\(scratch)/\(name).o")
            try write(WheelFile.text("\(name).c"), to: source)
            try check(try run([scratch + "/bin/cc", "-O3", "-c", source, "-o", object]), "`\(name).c`")
            try archive([object], as: name, in: scratch)
        }
    }

    /// The part of C++'s standard library that most extensions need, without streams, locales, files and threads. An extension that
    /// uses nothing else brings what it uses of it: a component with the carrier's library is 1 MB larger, and has a thousand more
    /// imports that each instance waits for.
    private static let standardLibrary =
        [
            "algorithm", "any", "bind", "charconv", "exception", "expected", "functional", "hash", "memory", "new",
            "new_handler", "new_helpers", "optional", "stdexcept", "string", "typeinfo", "variant", "vector",
            "verbose_abort",
        ].map { "libcxx/src/\($0).cpp" }
        + [
            "abort_message", "cxa_aux_runtime", "cxa_default_handlers", "cxa_guard", "cxa_handlers", "cxa_vector",
            "cxa_virtual", "private_typeinfo", "stdlib_exception", "stdlib_new_delete", "stdlib_stdexcept",
            "stdlib_typeinfo",
        ].map { "libcxxabi/src/\($0).cpp" }

    private static let standardLibraryFlags = [
        "-O2", "-std=c++23", "-w", "-fvisibility=hidden", "-fvisibility-inlines-hidden", "-fno-exceptions",
        "-ffunction-sections", "-fdata-sections", "-DLIBCXX_BUILDING_LIBCXXABI", "-D_LIBCPP_BUILDING_LIBRARY",
        "-D_LIBCPP_DISABLE_VISIBILITY_ANNOTATIONS", "-D_LIBCXXABI_BUILDING_LIBRARY",
        "-D_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS", "-D_LIBCXXABI_NO_EXCEPTIONS",
    ]

    private func makeStandardLibrary(from sources: String, in scratch: String) throws(PythonError) {
        let folders = ["libcxx/src", "libcxx/libc", "libcxxabi/src", "libcxxabi/include"].map { "-I\(sources)/\($0)" }
        var objects: [String] = []
        for (index, name) in Self.standardLibrary.enumerated() {
            let object = "\(scratch)/standard-\(index).o"
            let command = [scratch + "/bin/c++"] + Self.standardLibraryFlags + folders
            try check(try run(command + ["-c", "\(sources)/\(name)", "-o", object]), "`\(name)`")
            objects.append(object)
        }
        try archive(objects, as: "standard", in: scratch)
    }

    private func notice(_ headers: String) -> String {
        """
        What native Python packages are compiled with for WASI.

        python/: \(headers).
        sysroot/, c++/, lib/libbuiltins.a, lib/libstandard.a: of the Python package \(PinnedPackage.zig.name) \(PinnedPackage.zig.version): WASI's C library
        (Apache-2.0 WITH LLVM-exception, Apache-2.0, MIT, BSD-2-Clause, CC0-1.0), libc++ and libc++abi (Apache-2.0 WITH LLVM-exception) and
        Zig's compiler routines (MIT). Parts of lib/libbuiltins.a and lib/libstandard.a are linked into the wheels. The licences are in
        licenses/.
        clang/: headers of \(tools.version) (Apache-2.0 WITH LLVM-exception).
        Everything else is Dovetail's (Apache-2.0).

        """
    }

    // MARK: - Files

    /// Makes a folder elsewhere and renames it, so that whoever sees it sees all of it; one that is there meanwhile stays.
    func installing(_ folder: String, _ body: (String) throws(PythonError) -> Void) throws(PythonError) {
        let scratch = "\(folder).\(ThisProcess.identifier)-\(UInt32.random(in: 0...UInt32.max))"
        try writing { () throws(SystemError) in try Files.makeDirectories(above: scratch + "/x") }
        defer { try? Files.removeTree(scratch) }
        try body(scratch)
        do { try Files.rename(scratch, to: folder) } catch {
            guard Files.exists(folder) else { throw .unwritable(folder, error) }
        }
    }

    private func check(_ outcome: ChildProcess.Outcome, _ what: String) throws(PythonError) {
        guard outcome.code == 0 else { throw .noToolchainPart(what, outcome.text) }
    }

    private func checkFetched(_ outcome: ChildProcess.Outcome, _ what: String) throws(PythonError) {
        guard outcome.code == 0 else { throw .notFetchedPart(what, outcome.text) }
    }

    private func write(_ text: String, to path: String, isExecutable: Bool = false) throws(PythonError) {
        try writing { () throws(SystemError) in
            try Files.makeDirectories(above: path)
            try Array(text.utf8).withRawBytes { (bytes) throws(SystemError) in
                try Files.replace(path, with: bytes, permissions: isExecutable ? 0o777 : nil)
            }
        }
    }

    private func writing(_ body: () throws(SystemError) -> Void) throws(PythonError) {
        do { try body() } catch { throw .unwritable(cache, error) }
    }
}
