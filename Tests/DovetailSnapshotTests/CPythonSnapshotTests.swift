// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailComponentize
import DovetailPython
import DovetailSnapshot
import DovetailTestSupport
import DovetailTypes
import DovetailWASI
import DovetailWIT
import Testing

/// CPython's own libraries, linked and initialised: the largest ones that there are.
@Suite(
    .enabled(
        if: PythonCarrier.installed() != nil && SharedLibraryCompiler.shared != nil,
        "CPython is not in the cache (`Scripts/setup python`), or the toolchain cannot make shared libraries"))
struct CPythonSnapshotTests {
    private static let app = """
        typedef struct PyInitConfig PyInitConfig;
        typedef struct PyObject PyObject;
        PyInitConfig *PyInitConfig_Create(void);
        void PyInitConfig_Free(PyInitConfig *);
        int PyInitConfig_SetInt(PyInitConfig *, const char *, long long);
        int PyInitConfig_SetStr(PyInitConfig *, const char *, const char *);
        int PyInitConfig_SetStrList(PyInitConfig *, const char *, unsigned long, const char *const *);
        int Py_InitializeFromInitConfig(PyInitConfig *);
        int PyRun_SimpleStringFlags(const char *, void *);
        PyObject *PyRun_StringFlags(const char *, int, PyObject *, PyObject *, void *);
        PyObject *PyImport_AddModuleRef(const char *);
        PyObject *PyModule_GetDict(PyObject *);
        long PyLong_AsLong(PyObject *);
        void __wasilibc_reset_preopens(void);

        EXPORTED int prepare(void) {
            PyInitConfig *config = PyInitConfig_Create();
            const char *const paths[] = {"/python"};
            if (PyInitConfig_SetInt(config, "write_bytecode", 0) || PyInitConfig_SetInt(config, "site_import", 0) ||
                PyInitConfig_SetInt(config, "use_hash_seed", 1) || PyInitConfig_SetInt(config, "hash_seed", 0) ||
                PyInitConfig_SetInt(config, "install_signal_handlers", 0) ||
                PyInitConfig_SetStr(config, "home", "/python") || PyInitConfig_SetStr(config, "stdlib_dir", "/python") ||
                PyInitConfig_SetStrList(config, "module_search_paths", 1, paths) ||
                Py_InitializeFromInitConfig(config))
                return 1;
            PyInitConfig_Free(config);
            int failed = PyRun_SimpleStringFlags("import json, re\\nnumbers = json.loads('[1, 2, 39]')", 0);
            __wasilibc_reset_preopens();
            return failed;
        }
        __attribute__((export_name("run"))) int run(void) {
            PyObject *names = PyModule_GetDict(PyImport_AddModuleRef("__main__"));
            PyObject *value = PyRun_StringFlags("sum(numbers) + len(re.findall('a+', 'aa b a'))", 258, names, names, 0);
            return value ? (int)PyLong_AsLong(value) : -1;
        }
        """

    @Test("an interpreter starts where its modules have been imported, without its files")
    func initialised() throws {
        let carrier = try #require(PythonCarrier.installed())
        let compiler = try #require(SharedLibraryCompiler.shared)
        let wit = try WIT.resolve(WITSource(text: "package a:b; world w { export run: func() -> s32; }"))
        let app = try ComponentTypeSection.embed(
            try wit.graph.world(nil, in: wit.root), of: wit.graph, in: try compiler.library(Self.app))
        let names = [
            "libpython3.14.so", "libc.so", "libwasi-emulated-process-clocks.so", "libwasi-emulated-getpid.so",
            "libwasi-emulated-signal.so",
        ]
        var libraries = try names.map {
            Componentizer.Library(name: $0, bytes: try carrier.bytes(ofLibrary: $0))
        }
        libraries.append(.init(name: "app", bytes: app))
        var options = Componentizer.Options()
        options.usesBuiltInLibdl = true
        options.stackSize = 8 << 20
        let component = try Componentizer.component(linking: libraries, options: options)

        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        let engine = try Engine(configuration)
        var snapshot = ComponentSnapshot(engine: engine)
        snapshot.initializer = .coreFunction("prepare")
        // A copy, as the interpreter keeps the times of folders, and others may write into those of the cache.
        let library = try ScratchFolder(copying: carrier.standardLibrary)
        defer { library.remove() }
        snapshot.wasi.preopens = [Preopen(library.path, as: "/python", permissions: .readOnly)]
        let ready = try snapshot.bytes(of: component)
        #expect(try snapshot.bytes(of: component) == ready)

        let store = try Store(engine: engine, wasi: WASIConfiguration())
        let instance = try Linker.wasi(engine: engine).instantiate(
            try Component(engine: engine, bytes: ready), in: store)
        #expect(try instance.function("run").call() == .s32(44))
    }
}
