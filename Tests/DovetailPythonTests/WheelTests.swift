// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailJSON
import DovetailSystem
import DovetailTestSupport
import Foundation
import Testing

@testable import DovetailPython

/// The toolchain for native packages, laid out in the user's cache where it is missing.
enum RealToolchain {
    static let toolchain: WheelToolchain? = {
        guard let carrier = RealCarrier.carrier else { return nil }
        do {
            return try WheelToolchain.load(carrier, try CompilerTools.find(nil), try HostPython.find(nil))
        } catch {
            print("native packages are not tested: \(error)")
            return nil
        }
    }()
}

@Suite(
    "Native packages", .serialized,
    .enabled(if: RealToolchain.toolchain != nil, "the toolchain for native packages is not there and cannot be fetched")
)
struct WheelTests {
    private static let project = """
        [build-system]
        requires = ["setuptools"]
        build-backend = "setuptools.build_meta"
        [project]
        name = "fast"
        version = "1.2"
        [tool.setuptools]
        packages = ["fast"]
        ext-modules = [{name = "fast._fast", sources = ["fast.c"]}, {name = "fast._plus", sources = ["plus.cpp"]}]
        """
    /// A method that takes nothing, declared with one parameter; numbers of 128 bits and `long double`; a raised status.
    private static let c = """
        #define PY_SSIZE_T_CLEAN
        #include <Python.h>
        #include <fenv.h>
        #include <wasm_simd128.h>
        #if __has_include(<arm_neon.h>)
        #include <arm_neon.h>
        #endif
        static PyObject *answer(PyObject *self) { return PyLong_FromLong(42); }
        static PyObject *high(PyObject *self, PyObject *number) {
            long long n = PyLong_AsLongLong(number);
            return PyLong_FromLongLong((long long)(((__int128)n * n) >> 64));
        }
        static PyObject *third(PyObject *self, PyObject *number) {
            volatile long double n = PyFloat_AsDouble(number);
            return PyFloat_FromDouble((double)(n / 3.0L));
        }
        static PyObject *raise(PyObject *self, PyObject *nothing) { feraiseexcept(FE_DIVBYZERO); Py_RETURN_NONE; }
        static PyMethodDef methods[] = {
            {"answer", (PyCFunction)(void *)answer, METH_NOARGS, NULL}, {"high", high, METH_O, NULL},
            {"third", third, METH_O, NULL}, {"raise_", raise, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL},
        };
        static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", NULL, 0, methods};
        PyMODINIT_FUNC PyInit__fast(void) { return PyModuleDef_Init(&module); }
        """
    /// C++ with its library, and the status that the other extension has raised.
    private static let cpp = """
        #include <Python.h>
        #include <cfenv>
        #include <cxxabi.h>
        #include <algorithm>
        #include <map>
        #include <string>
        #include <vector>
        static std::map<std::string, int> known = {{"a", 1}, {"b", 2}};
        static PyObject *sorted(PyObject *, PyObject *text) {
            std::string bytes(PyUnicode_AsUTF8(text));
            std::vector<char> letters(bytes.begin(), bytes.end());
            std::sort(letters.begin(), letters.end());
            return PyUnicode_FromFormat("%s %d", std::string(letters.begin(), letters.end()).c_str(), known["b"]);
        }
        static PyObject *status(PyObject *, PyObject *) { return PyBool_FromLong(fetestexcept(FE_DIVBYZERO) != 0); }
        static PyMethodDef methods[] = {
            {"sorted_", sorted, METH_O, nullptr}, {"status", status, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr},
        };
        static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_plus", nullptr, 0, methods};
        PyMODINIT_FUNC PyInit__plus(void) { return PyModuleDef_Init(&module); }
        """

    private func write(_ files: [String: String], to folder: ScratchFolder) throws {
        for (name, text) in files { try folder.write(text.utf8, to: name) }
    }

    private func builder(allowsPure: Bool = false) throws -> WheelBuilder {
        WheelBuilder(
            try #require(RealToolchain.toolchain), for: try #require(RealCarrier.carrier), allowsPure: allowsPure)
    }

    private func failure(_ files: [String: String], _ package: String = "fast") throws -> PythonError? {
        try ScratchFolder.with { folder in
            try write(files, to: folder)
            let builder = try builder()
            let local = ResolvedPackage(name: package, version: "1.2", source: .local(folder.path))
            do throws(PythonError) {
                _ = try builder.wheel(of: local)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("in C and C++ are built, and run in a component")
    func builds() throws {
        try ScratchFolder.with { folder in
            try write(
                [
                    "pyproject.toml": Self.project, "fast/__init__.py": "", "fast.c": Self.c, "plus.cpp": Self.cpp,
                ], to: folder)
            let toolchain = try #require(RealToolchain.toolchain)
            let packages = try toolchain.resolve([folder.path], withDependencies: false)
            #expect(packages.map(\.name) == ["fast"])
            let wheels = try builder().wheels(of: packages)
            #expect(wheels.map(\.name) == ["fast-1.2-cp314-cp314-wasi_wasm32.whl"])
            #expect(wheels.map(\.mended) == [1])
            let app = """
                import wit_world
                from fast import _fast, _plus
                class WitWorld(wit_world.WitWorld):
                    def run(self, code): return str(eval(code))
                """
            var build = AppBuild(
                files: ["app.py": app], wit: "package a:b; world w { export run: func(code: string) -> string; }")
            build.folders.append(try builder().site(of: wheels).folder)
            let component = try build.build().component
            let instance = try AppBuild.instance(of: component) { _, _ in }
            let code =
                "(_fast.answer(), _fast.high(2**62), _fast.third(1.0), _plus.sorted_('cab'), _plus.status(), _fast.raise_(), _plus.status())"
            let result = try instance.function("run").call([.string(code)])
            #expect(result == .string("(42, 1152921504606846976, 0.3333333333333333, 'abc 2', False, None, True)"))
        }
    }

    @Test("in folders are found by the path that a requirements file has")
    func relativePath() throws {
        // One below the current folder, whose path is relative to that.
        let here = FileManager.default.currentDirectoryPath
        let folder = "\(here)/.build/relative-\(UInt64.random(in: 0 ... .max))/fast"
        defer { try? FileManager.default.removeItem(atPath: String(folder.dropLast(5))) }
        try FileManager.default.createDirectory(atPath: folder + "/fast", withIntermediateDirectories: true)
        try Data(Self.project.utf8).write(to: URL(filePath: folder + "/pyproject.toml"))
        try Data("./\(folder.dropFirst(here.count + 1))\n".utf8).write(to: URL(filePath: folder + "/list.txt"))
        let toolchain = try #require(RealToolchain.toolchain)
        let packages = try toolchain.resolve([], files: [folder + "/list.txt"], withDependencies: false)
        #expect(packages.map(\.source) == [.local(folder)])
    }

    @Test("that do not compile are told by the compiler's first error")
    func compilerError() throws {
        let error = try failure([
            "pyproject.toml": Self.project, "fast/__init__.py": "",
            "fast.c": "#include <Python.h>\nint f(void) { return x; }\n",
            "plus.cpp": "",
        ])
        #expect(error?.code == .packages)
        #expect(error?.message.contains("fast.c:2:22: error: use of undeclared identifier 'x'") == true)
        #expect(error?.path?.hasSuffix("/fast-1.2.log") == true)
    }

    @Test("that do not compile have a log of their own, of which an error shows little")
    func log() throws {
        let error = try failure([
            "pyproject.toml": Self.project, "fast/__init__.py": "",
            "fast.c": "#include <Python.h>\n" + (1...40).map { "int f\($0)(void) { return x\($0); }\n" }.joined(),
            "plus.cpp": "",
        ])
        let log = String(decoding: try Files.read(try #require(error?.path)), as: UTF8.self)
        #expect(log.contains("undeclared identifier 'x9'"))
        #expect(error?.message.contains(error?.path ?? "?") == true)
        #expect(error?.message.split(separator: "\n").count ?? 0 < 9)
    }

    /// A source distribution of a package whose build makes no extension, or fails.
    private func distribution(_ setup: String, in folder: ScratchFolder) throws -> PackageFile {
        try write(
            [
                "fast-1.2/pyproject.toml": "[build-system]\nrequires = [\"setuptools\"]\n",
                "fast-1.2/setup.py": setup, "fast-1.2/fast/__init__.py": "",
            ], to: folder)
        let archive = folder.file("fast-1.2.tar.gz")
        let made = try ChildProcess.run(["tar", "-C", folder.path, "-czf", archive, "fast-1.2"])
        #expect(made.code == 0)
        return PackageFile(url: "file://\(archive)", sha256: "")
    }

    private static let pureSetup = """
        from setuptools import setup
        setup(name="fast", version="1.2", packages=["fast"])
        """

    @Test("are built for 3.14 as CMake sees it, by a Python that is what it is to all others")
    func questions() throws {
        try ScratchFolder.with { folder in
            // What CMake asks, word for word, and what others may ask.
            let setup = """
                import subprocess, sys
                def ask(code):
                    return subprocess.check_output([sys.executable, "-c", code], text=True)
                own = ask("print('import me', __import__('sys').version_info[1])").split()[-1]
                assert int(own) == sys.version_info[1], own
                version = ask("import sys; sys.stdout.write('.'.join([str(x) for x in sys.version_info[:3]]))")
                assert version.startswith("3.14."), version
                size = ask("import sys, struct; sys.stdout.write(str(struct.calcsize('P')))")
                assert size == "4", size
                """
            let source = try distribution(setup + "\n" + Self.pureSetup, in: folder)
            let wheel = try builder(allowsPure: true).wheel(
                of: ResolvedPackage(name: "fast", version: "1.2", source: .source(source)))
            #expect(wheel.name == "fast-1.2-py3-none-any.whl")
        }
    }

    @Test("whose build passes over an error, and makes a wheel without an extension, are refused")
    func withoutExtension() throws {
        try ScratchFolder.with { folder in
            let source = try distribution(Self.pureSetup, in: folder)
            let package = ResolvedPackage(name: "fast", version: "1.2", source: .source(source))
            let builder = try builder()
            let error = #expect(throws: PythonError.self) { try builder.wheel(of: package) }
            #expect(error?.message.contains("came out without native code") == true)
            #expect(error?.message.contains("--allow-pure") == true)
        }
    }

    @Test("that do not build are used in pure Python, if their authors publish that as well")
    func pureInstead() throws {
        try ScratchFolder.with { folder in
            let source = try distribution("raise SystemExit('error: no such machine')", in: folder)
            try folder.write("a wheel".utf8, to: "fast-1.2-py3-none-any.whl")
            let pure = PackageFile(url: "file://\(folder.file("fast-1.2-py3-none-any.whl"))", sha256: "")
            let package = ResolvedPackage(name: "fast", version: "1.2", source: .sourceOrPure(source, pure))
            let builder = try builder()
            for _ in 1...2 {
                let wheel = try builder.wheel(of: package)
                #expect(wheel.name == "fast-1.2-py3-none-any.whl")
                #expect(wheel.note == "`fast` 1.2 is used without its native code, which does not build for WASI")
            }
        }
    }

    @Test("are built, too, where a `pyproject.toml` requires them")
    func project() throws {
        try ScratchFolder.with { folder in
            let app = """
                [project]
                name = "app"
                version = "1"
                dependencies = ["fast @ file://\(folder.file("fast"))"]
                """
            try write(["fast/pyproject.toml": Self.project, "app/pyproject.toml": app], to: folder)
            let toolchain = try #require(RealToolchain.toolchain)
            let packages = try toolchain.resolve([], files: [folder.file("app/pyproject.toml")])
            #expect(packages.map(\.name) == ["fast"])
            guard case .local(let path)? = packages.first?.source else {
                Issue.record("expected a folder, found \(packages)")
                return
            }
            #expect(Files.realPath(path) == Files.realPath(folder.file("fast")))
        }
    }

    @Test("cannot be chosen without a network, and that is said")
    func noIndex() throws {
        try ScratchFolder.with { folder in
            try folder.write("--index-url http://127.0.0.1:9/simple\nfast==1.2\n".utf8, to: "requirements.txt")
            let toolchain = try #require(RealToolchain.toolchain)
            let error = #expect(throws: PythonError.self) {
                try toolchain.resolve([], files: [folder.file("requirements.txt")])
            }
            #expect(error?.code == .fetch)
            #expect(error?.message.hasPrefix("the package index cannot be reached; is there a network?") == true)
        }
    }

    @Test("without a source are told before anything is built")
    func noSource() throws {
        let builder = try builder()
        let package = ResolvedPackage(name: "fast", version: "1.2", source: .binaryOnly)
        let error = #expect(throws: PythonError.self) { try builder.wheel(of: package) }
        #expect(
            error?.message
                == "`fast` 1.2 has only wheels with native code for other machines, and no source distribution to build"
        )
    }

    @Test("that need what WASI has not are told by the linker")
    func missingFunction() throws {
        let error = try failure([
            "pyproject.toml": Self.project, "fast/__init__.py": "",
            "fast.c": "int fork(void);\n__attribute__((visibility(\"default\"))) int f(void) { return fork(); }\n",
            "plus.cpp": "",
        ])
        #expect(error?.message.contains("undefined symbol: fork") == true, "\(error?.message ?? "")")
    }

    @Test("in Rust are told before they are built")
    func rust() throws {
        let error = try failure([
            "pyproject.toml": "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n"
        ])
        #expect(error?.message.contains("is written in Rust") == true)
    }

    @Test("that nobody has are told by the resolver")
    func unknown() throws {
        let toolchain = try #require(RealToolchain.toolchain)
        let error = #expect(throws: PythonError.self) { try toolchain.resolve(["dovetail-has-no-such-package==99"]) }
        #expect(error?.code == .packages)
        #expect(error?.message.contains("dovetail-has-no-such-package") == true)
    }
}

@Suite("Parts of the toolchain for native packages")
struct WheelPartTests {
    /// A component that has a module of less than 16 KiB.
    private static func component(around module: [UInt8]) -> [UInt8] {
        let size = [UInt8(module.count & 0x7f | 0x80), UInt8(module.count >> 7)]
        return [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, 0x01] + size + module
    }

    @Test("`pyconfig.h` has the values of the build for WASI") func configuration() {
        let template = """
            #ifndef Py_PYCONFIG_H
            #define Py_PYCONFIG_H
            #define SIZEOF_LONG 8
            #define HAVE_FORK 1
            /* #undef HAVE_BIG */
            #define HAVE_DECL_ISNAN 1
            #  define WORDS 1
            #define PLATFORM "linux"
            #define _POSIX_THREADS 1
            /* #undef _WASI_EMULATED_GETPID */
            #define OTHER 7
            """
        let values = [
            "SIZEOF_LONG": "4", "HAVE_FORK": "0", "HAVE_BIG": "1", "HAVE_DECL_ISNAN": "0", "WORDS": "2",
            "PLATFORM": "wasi one",
        ]
        #expect(
            PythonConfigHeader.text(template, values) == """
                #ifndef Py_PYCONFIG_H
                #define Py_PYCONFIG_H
                #define SIZEOF_LONG 4
                /* #undef HAVE_FORK */
                #define HAVE_BIG 1
                #define HAVE_DECL_ISNAN 0
                #  define WORDS 2
                #define PLATFORM "wasi one"
                /* #undef _POSIX_THREADS */
                #define _WASI_EMULATED_GETPID 1
                #define OTHER 7

                """)
    }

    @Test("the floating-point status is a library of one number") func status() throws {
        let component = try Component(engine: Engine(), bytes: Self.component(around: EmulatedStatus.library))
        #expect(component.imports.isEmpty)
    }

    @Test("the reason of a failed build is its first error") func reason() {
        let log = "a\n  error: subprocess-exited-with-error\nb\nx.c:1:2: error: expected ';'\n  1 | int\n"
        #expect(WheelLog.reason(log) == "x.c:1:2: error: expected ';'\n  1 | int")
        #expect(
            WheelLog.reason("-- a\nCMake Error at x.cmake:2 (message):\n  no Python\nERROR: Failed to build")
                == "CMake Error at x.cmake:2 (message):\n  no Python\nERROR: Failed to build")
        #expect(WheelLog.reason((1...20).map { "\($0)" }.joined(separator: "\n")) == "13\n14\n15\n16\n17\n18\n19\n20")
    }

    @Test("a build that cannot fetch what it requires is told from one that fails") func offline() {
        let log = """
              WARNING: Retrying after connection broken: Failed to establish a new connection: [Errno 111] Connection refused
              ERROR: Could not find a version that satisfies the requirement meson-python>=0.18.0 (from versions: none)
            error: subprocess-exited-with-error
            """
        let error = PythonError.notBuilt("fast", "1.2", said: log, log: "fast.log")
        #expect(error.code == .fetch)
        #expect(error.message.contains("is there a network?") && error.message.contains("meson-python>=0.18.0"))
        #expect(PythonError.notBuilt("fast", "1.2", said: "x.c:1:1: error: no", log: "fast.log").code == .packages)
        #expect(PythonError.notFetchedPart("`ziglang`", log).code == .fetch)
    }

    @Test("what there is of a package decides whether it is built") func sources() throws {
        let (linux, pure) = ("fast-1.2-cp314-cp314-manylinux_2_28_x86_64.whl", "fast-1.2-py3-none-any.whl")
        func source(_ wheels: [String], sdist: Bool = true) throws -> ResolvedPackage.Source {
            func file(_ name: String) -> JSONTree {
                .object([("url", .string("https://a.test/" + name)), ("sha256", .string("00"))])
            }
            var members: [(String, JSONTree?)] = [("name", .string("fast")), ("version", .string("1.2"))]
            members.append(("wheels", .array(wheels.map(file))))
            if sdist { members.append(("sdist", file("fast-1.2.tar.gz"))) }
            return try WheelToolchain.package(JSONPlace(.object(members)), folder: "/").source
        }
        func file(_ name: String) -> PackageFile { PackageFile(url: "https://a.test/" + name, sha256: "00") }
        #expect(try source([linux, pure]) == .sourceOrPure(file("fast-1.2.tar.gz"), file(pure)))
        #expect(try source([linux, pure], sdist: false) == .pure(file(pure)))
        #expect(try source([pure]) == .pure(file(pure)))
        #expect(try source([linux]) == .source(file("fast-1.2.tar.gz")))
        #expect(try source([]) == .source(file("fast-1.2.tar.gz")))
        #expect(try source([linux], sdist: false) == .binaryOnly)
    }

    @Test(
        "a clang that is too old, or not for WebAssembly, is told",
        arguments: [
            ("clang version 18.1.8", "wasm32", "its clang is 18.1.8, expected 19 or newer"),
            ("clang version 21.0.0", "x86-64", "its clang does not compile for wasm32"),
            ("a compiler", "wasm32", "does not say its version"),
        ])
    func wrongCompiler(version: String, target: String, reason: String) throws {
        try ScratchFolder.with { folder in
            let script = "#!/bin/sh\n[ $1 = --version ] && echo '\(version)' || echo '\(target)'\n"
            for tool in ["clang", "clang++", "wasm-ld", "llvm-ar"] {
                try Array(script.utf8).withRawBytes {
                    try Files.replace(folder.file(tool), with: $0, permissions: 0o777)
                }
            }
            let error = #expect(throws: PythonError.self) { try CompilerTools(at: folder.path) }
            #expect(error?.code == .toolchain)
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("--clang") == true)
        }
    }

    @Test("a folder without a compiler, and one that is none, are told") func tools() throws {
        try ScratchFolder.with { folder in
            let missing = #expect(throws: PythonError.self) { try CompilerTools(at: folder.path) }
            #expect(missing?.message.contains("it has no `clang`") == true)
            let python = #expect(throws: PythonError.self) { try HostPython(folder.file("python")) }
            #expect(python?.code == .toolchain)
        }
    }
}
