// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import DovetailWIT
import Testing

/// Apps with extension modules in C.
@Suite(
    .serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"),
    .enabled(if: SharedLibraryCompiler.shared != nil, "the toolchain cannot make shared libraries"))
struct PythonExtensionTests {
    private static let wit = "package a:b; world w { export run: func(code: string) -> string; }"
    private static let app = """
        import wit_world
        class WitWorld(wit_world.WitWorld):
            def run(self, code): return str(eval(code))
        """

    /// An extension module with a function that doubles a number, and one that tells how often it did.
    static func library(_ name: String) throws -> [UInt8] {
        try #require(SharedLibraryCompiler.shared).library(
            """
            typedef struct PyObject PyObject;
            typedef struct { const char *name; PyObject *(*function)(PyObject *, PyObject *); int flags; const char *doc; } Method;
            typedef struct {
                unsigned references; void *type, *initialize; int index; void *copy;
                const char *name, *doc; int size; Method *methods; void *slots, *traverse, *clear, *release;
            } Definition;
            PyObject *PyModuleDef_Init(Definition *);
            PyObject *PyLong_FromLong(long);
            long PyLong_AsLong(PyObject *);
            static int calls;
            static PyObject *twice(PyObject *module, PyObject *number) {
                (void)module, calls++;
                return PyLong_FromLong(2 * PyLong_AsLong(number));
            }
            /* With one parameter, as many extensions have it, where CPython passes two arguments. */
            static PyObject *count(PyObject *module) {
                (void)module;
                return PyLong_FromLong(calls);
            }
            static Method methods[] = {{"twice", twice, 8, 0}, {"count", (PyObject *(*)(PyObject *, PyObject *))(void *)count, 4, 0}, {0, 0, 0, 0}};
            static Definition definition = {1u << 30, 0, 0, 0, 0, "\(name)", 0, 0, methods, 0, 0, 0, 0};
            EXPORTED PyObject *PyInit_\(name)(void) { return PyModuleDef_Init(&definition); }
            """)
    }

    private func run(_ component: [UInt8], _ code: String) throws -> String {
        let instance = try AppBuild.instance(of: component) { _, _ in }
        guard case .string(let text)? = try instance.function("run").call([.string(code)]) else { return "?" }
        return text
    }

    @Test func `extensions keep what they did when the app was imported, and those that nobody imports are left out`()
        throws
    {
        let app = "from fast import _fast\nfirst = _fast.twice(4)\n" + Self.app
        var build = AppBuild(files: ["app.py": app, "fast/__init__.py": ""], wit: Self.wit)
        build.libraries = ["fast/_fast.so": try Self.library("_fast"), "fast/_slow.so": try Self.library("_slow")]
        let made = try build.build()
        let component = made.component
        #expect(made.mended.map(\.count) == [1])
        #expect(try run(component, "(first, _fast.twice(21), _fast.count())") == "(8, 42, 2)")
        let text = component.withUnsafeBytes { String(decoding: $0, as: Unicode.ASCII.self) }
        #expect(text.contains("PyInit__fast") && !text.contains("PyInit__slow"))
    }

    @Test func `an app that comes to use another extension has it, even where it could do without`() throws {
        try ScratchFolder.with { folder in
            for name in ["_fast", "_slow"] { try folder.write(try Self.library(name), to: "lib/\(name).so") }
            let resolution = try WIT.resolve(WITSource(text: Self.wit))
            let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
            let carrier = try #require(RealCarrier.carrier)
            func build(_ names: String) throws -> [UInt8] {
                let app = "try:\n    import \(names)\nexcept ImportError:\n    pass\n" + Self.app
                try folder.write(app.utf8, to: "app/app.py")
                let program = PythonProgram(module: "app", folders: [folder.file("app"), folder.file("lib")])
                return try PythonComponentizer(carrier).component(
                    of: program, world: world, in: resolution.graph, engine: try AppBuild.engine.get()
                ).component
            }
            let first = try build("_fast")
            #expect(try build("_fast") == first)
            let text = try build("_fast, _slow").withUnsafeBytes { String(decoding: $0, as: Unicode.ASCII.self) }
            #expect(text.contains("PyInit__fast") && text.contains("PyInit__slow"))
        }
    }

    @Test func `an extension that is imported in a function is there`() throws {
        let app = """
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    import _fast
                    return str(_fast.twice(int(code)))
            """
        var build = AppBuild(files: ["app.py": app], wit: Self.wit)
        build.libraries = ["_fast.so": try Self.library("_fast")]
        #expect(try run(try build.build().component, "4") == "8")
    }

    @Test func `native code for another machine is told apart from a module that is missing`() throws {
        var build = AppBuild(
            files: ["app.py": "import fast\n" + Self.app, "fast/__init__.py": "import fast._fast\n"], wit: Self.wit)
        build.libraries = ["fast/_fast.cpython-314-x86_64-linux-gnu.so": Array("\u{7f}ELF".utf8)]
        let error = #expect(throws: AppBuild.Failure.self) { try build.build() }
        #expect(
            error?.message.hasSuffix(
                """
                ModuleNotFoundError: No module named 'fast._fast'
                `fast._fast` is there as native code, but for another machine: `dovetail wheel` builds its package for WASI; \
                `-r` takes a requirements file, and does so by itself
                """) == true, "\(error?.message ?? "")")
    }
}
