// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
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

    private func builder() throws -> WheelBuilder {
        WheelBuilder(try #require(RealToolchain.toolchain), for: try #require(RealCarrier.carrier))
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
        #expect(WheelLog.reason((1...20).map { "\($0)" }.joined(separator: "\n")) == "13\n14\n15\n16\n17\n18\n19\n20")
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
