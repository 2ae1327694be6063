// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import DovetailTypes
import DovetailWASI
import DovetailWIT
import Testing

/// Shared libraries in C, linked into components that run.
@Suite(.enabled(if: SharedLibraryCompiler.shared != nil, "the toolchain cannot make shared libraries"))
struct LinkingTests {
    private static let engine = Result { try Engine() }

    static func library(
        _ name: String, _ source: String, wit: String? = nil, isOpenable: Bool = false
    ) throws -> Componentizer.Library {
        var bytes = try #require(SharedLibraryCompiler.shared).library(source)
        if let wit {
            let resolution = try WIT.resolve(WITSource(text: "package a:b;\n" + wit))
            bytes = try ComponentTypeSection.embed(
                try resolution.graph.world(nil, in: resolution.root), of: resolution.graph, in: bytes)
        }
        return Componentizer.Library(name: name, bytes: bytes, isOpenable: isOpenable)
    }

    private func instance(
        _ libraries: [Componentizer.Library], _ options: Componentizer.Options = .init(),
        define: (inout Linker) throws -> Void = { _ in }
    ) throws -> (Instance, Store) {
        let engine = try Self.engine.get()
        let bytes = try Componentizer.component(linking: libraries, options: options)
        let component = try Component(engine: engine, bytes: bytes)
        var linker = Linker(engine: engine)
        try define(&linker)
        let store = Store(engine: engine)
        return (try linker.instantiate(component, in: store), store)
    }

    private func numbers(_ libraries: [Componentizer.Library], _ options: Componentizer.Options = .init()) throws
        -> Value?
    {
        let (instance, store) = try instance(libraries, options)
        return try withExtendedLifetime(store) { try instance.function("run").call() }
    }

    private static let run = "world w { export run: func() -> u32; }"

    @Test("libraries share data, addresses of functions, and what constructors did")
    func librariesShareEverything() throws {
        let counter = try Self.library(
            "libcounter.so",
            """
            EXPORTED int counter = 5;
            EXPORTED int *const address = &counter;
            EXPORTED int add(int by) { return counter += by; }
            __attribute__((constructor)) static void begin(void) { counter = 40; }
            """)
        let app = try Self.library(
            "app",
            """
            extern int counter;
            extern int *const address;
            int add(int);
            static int (*function)(int) = add;
            __attribute__((export_name("run"))) int run(void) {
                int (*volatile same)(int) = add;
                if (address != &counter || same != function) return 1;
                add(1);
                *address += function(1);
                return counter;
            }
            """, wit: Self.run)
        #expect(try numbers([app, counter]) == .u32(84))
        #expect(try numbers([counter, app]) == .u32(84))
    }

    @Test("libraries that need each other call each other")
    func circularLibraries() throws {
        let even = try Self.library(
            "even",
            """
            int odd(int);
            EXPORTED int even(int n) { return n == 0 ? 1 : odd(n - 1); }
            __attribute__((export_name("run"))) int run(void) { return even(10) * 10 + even(7); }
            """, wit: Self.run)
        let odd = try Self.library("odd", "int even(int); EXPORTED int odd(int n) { return n == 0 ? 0 : even(n - 1); }")
        #expect(try numbers([even, odd]) == .u32(10))
        #expect(try numbers([odd, even]) == .u32(10))
    }

    @Test("of several libraries the first one that is not weak gives a symbol")
    func priorities() throws {
        let app = try Self.library(
            "app", "int f(void); __attribute__((export_name(\"run\"))) int run(void) { return f(); }", wit: Self.run)
        var weak = try Self.library("weak", "EXPORTED int f(void) { return 1; }")
        var module = try CoreModuleBinary.decode(weak.bytes)
        var section = try #require(try DynamicLinkingSection(module))
        section.exports.append(.init(name: "f", flags: .weak))
        module.customSections.removeAll { $0.name == DynamicLinkingSection.name }
        module.customSections.append(section.encoded())
        weak.bytes = module.encoded()
        let first = try Self.library("first", "EXPORTED int f(void) { return 2; }")
        let second = try Self.library("second", "EXPORTED int f(void) { return 3; }")
        #expect(try numbers([app, weak]) == .u32(1))
        #expect(try numbers([app, weak, first, second]) == .u32(2))
        #expect(try numbers([second, weak, first, app]) == .u32(3))
    }

    @Test("a function that is weak and missing has the null address")
    func weakSymbols() throws {
        let app = try Self.library(
            "app",
            """
            extern __attribute__((weak)) int function(void);
            int there(void);
            __attribute__((export_name("run"))) int run(void) {
                return (function == 0) + 2 * there();
            }
            """, wit: Self.run)
        let there = try Self.library("there", "EXPORTED int there(void) { return 1; }")
        #expect(try numbers([app, there]) == .u32(3))
    }

    @Test("a function that is missing traps when that was wanted")
    func stubs() throws {
        let app = try Self.library(
            "app", "int missing(int); __attribute__((export_name(\"run\"))) int run(void) { return missing(1); }",
            wit: Self.run)
        var options = Componentizer.Options()
        options.stubsMissingFunctions = true
        let (instance, store) = try instance([app], options)
        #expect(throws: Trap.self) { try withExtendedLifetime(store) { try instance.function("run").call() } }
    }

    @Test("a program opens a library by its name and finds functions and data in it")
    func openingLibraries() throws {
        let plugin = try Self.library(
            "/plugins/p.so",
            """
            EXPORTED int answer = 40;
            EXPORTED int twice(int n) { return 2 * n; }
            """, isOpenable: true)
        let other = try Self.library("other.so", "EXPORTED int twice(int n) { return 3 * n; }", isOpenable: true)
        let app = try Self.library(
            "app",
            """
            void *dlopen(const char *, int);
            void *dlsym(void *, const char *);
            int dlclose(void *);
            char *dlerror(void);
            static int is(const char *a, const char *b) {
                while (*a && *a == *b) a++, b++;
                return *a == *b;
            }
            __attribute__((export_name("run"))) int run(void) {
                if (dlerror()) return 1;
                void *plugin = dlopen("/plugins/p.so", 2);
                if (!plugin || dlopen("/plugins/p.so", 1) != plugin) return 2;
                int (*twice)(int) = (int (*)(int))dlsym(plugin, "twice");
                int *answer = dlsym(plugin, "answer");
                if (!twice || !answer) return 3;
                if (dlsym(plugin, "twic") || !is(dlerror(), "symbol not found: twic") || dlerror()) return 4;
                if (dlopen("p.so", 1) || !is(dlerror(), "library not found: p.so")) return 5;
                if (dlopen(0, 1) || !is(dlerror(), "the program itself cannot be opened")) return 6;
                if (dlopen("other.so", 4) || !is(dlerror(), "flags of dlopen are not supported")) return 7;
                void *other = dlopen("other.so", 257);
                if (other == plugin) return 8;
                int (*thrice)(int) = (int (*)(int))dlsym(other, "twice");
                if (dlsym(0, "twice") || !is(dlerror(), "a symbol needs a library to be looked up in: twice")) return 9;
                if (dlsym((char *)plugin + 4, "twice") || !is(dlerror(), "not a handle of an open library")) return 10;
                if (dlclose(plugin) || dlclose(other) || dlclose((char *)other + 64) != -1) return 11;
                return twice(*answer) * 1000 + thrice(3);
            }
            """, wit: Self.run)
        var options = Componentizer.Options()
        options.usesBuiltInLibdl = true
        #expect(try numbers([app, plugin, other], options) == .u32(80009))
    }

    @Test("imports and exports of the component may be spread over libraries, with one allocator for all")
    func spreadWorlds() throws {
        let allocator = try Self.library(
            "liballoc.so",
            """
            static char heap[4096];
            static unsigned used;
            EXPORTED void *cabi_realloc(void *old, unsigned size, unsigned alignment, unsigned bytes) {
                (void)old, (void)size;
                used = (used + alignment - 1) & -alignment;
                void *result = heap + used;
                used += bytes;
                return result;
            }
            """)
        let namer = try Self.library(
            "libnamer.so",
            """
            __attribute__((import_module("a:b/names"), import_name("name"))) void name(int, char **);
            static char *result[2];
            EXPORTED char **current(int index) { name(index, result); return result; }
            __attribute__((export_name("a:b/lengths#length"))) int length(int index) { return (int)current(index)[1]; }
            """,
            wit:
                "interface names { name: func(index: s32) -> string; } interface lengths { length: func(index: s32) -> s32; }"
                + "world w { import names; export lengths; }")
        let app = try Self.library(
            "app",
            """
            char **current(int);
            static int posts;
            __attribute__((export_name("greet"))) char **greet(char *text, int length) {
                return length == 2 && text[0] == 'm' ? current(posts) : 0;
            }
            __attribute__((export_name("cabi_post_greet"))) void post(char **result) { (void)result, posts++; }
            """, wit: "world w { export greet: func(kind: string) -> string; }")
        let (instance, store) = try instance([app, namer, allocator]) { linker in
            linker.define("name", in: "a:b/names") { (caller: Caller, index: Int32) -> String in "name \(index)" }
        }
        defer { withExtendedLifetime(store) {} }
        #expect(try instance.function("greet").call(.string("me")) == .string("name 0"))
        #expect(try instance.function("greet").call(.string("me")) == .string("name 1"))
        #expect(try instance.function("length", in: "a:b/lengths").call(.s32(100)) == .s32(8))
    }

    @Test("libraries may import from WASI preview 1, and be a program")
    func programs() throws {
        let library = try Self.library(
            "libprint.so",
            """
            __attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
            int fd_write(int, const void *, int, int *);
            EXPORTED int print(const char *text) {
                struct { const char *text; int length; } part = {text, 0};
                while (text[part.length]) part.length++;
                int written;
                return fd_write(1, &part, 1, &written);
            }
            static char heap[1 << 20] __attribute__((aligned(16)));
            EXPORTED void *cabi_realloc(void *old, unsigned size, unsigned alignment, unsigned bytes) {
                static unsigned used;
                (void)old, (void)size, (void)alignment;
                void *result = heap + used;
                used += (bytes + 15) & -16u;
                return used <= sizeof heap ? result : (__builtin_trap(), (void *)0);
            }
            """)
        let app = try Self.library(
            "app", "int print(const char *); EXPORTED void _start(void) { print(\"hello\\n\"); }")
        let adapter = try #require(try Preview1Adapter(for: [library.bytes, app.bytes]))
        #expect(adapter == .command)
        let bytes = try Componentizer.component(
            linking: [app, library], adapters: [.init(name: Preview1Adapter.moduleName, bytes: adapter.bytes)])
        let component = try Component(engine: try Self.engine.get(), bytes: bytes)
        let output = OutputCollector()
        let store = try Store(
            engine: component.engine, wasi: WASIConfiguration(standardOutput: .collected(output)))
        let instance = try Linker.wasi(engine: component.engine).instantiate(component, in: store)
        let interface = try #require(component.plan.exports.names.first { $0.hasPrefix("wasi:cli/run@") })
        #expect(try instance.function("run", in: interface).call() == .ok(nil))
        #expect(output.text == "hello\n")
    }

    @Test("libraries that nothing needs are left out, whatever they import")
    func unusedLibraries() throws {
        let app = try Self.library(
            "app", "__attribute__((export_name(\"run\"))) int run(void) { return 1; }", wit: Self.run)
        let unused = try Self.library("unused", "int nowhere(void); EXPORTED int f(void) { return nowhere(); }")
        let bytes = try Componentizer.component(linking: [unused, app])
        #expect(bytes == (try Componentizer.component(linking: [app])))
    }

    @Test("an optional library that another one names is linked only where its symbols are used")
    func optionalLibraries() throws {
        func component(_ source: String, isOptional: Bool) throws -> [UInt8] {
            var app = try Self.library("app", source, wit: Self.run)
            var module = try CoreModuleBinary.decode(app.bytes)
            let place = try #require(module.customSections.firstIndex { $0.name == DynamicLinkingSection.name })
            var section = try #require(try DynamicLinkingSection(module))
            section.needed = ["helper"]
            module.customSections[place] = section.encoded()
            app.bytes = module.encoded()
            var helper = try Self.library("helper", "EXPORTED int help(void) { return 42; }")
            helper.isOptional = isOptional
            return try Componentizer.component(linking: [app, helper])
        }
        func modules(_ bytes: [UInt8]) throws -> Int { try ComponentDecoder.decode(bytes).coreModules.count }
        let alone = "__attribute__((export_name(\"run\"))) int run(void) { return 1; }"
        let helped = "int help(void); __attribute__((export_name(\"run\"))) int run(void) { return help(); }"
        let whole = try modules(try component(alone, isOptional: false))
        #expect(try modules(try component(alone, isOptional: true)) == whole - 1)
        #expect(try modules(try component(helped, isOptional: true)) == modules(component(helped, isOptional: false)))
    }

    @Test("damaged libraries are refused or linked")
    func damagedLibraries() throws {
        let app = try Self.library(
            "app",
            """
            extern int data;
            int f(int);
            int (*volatile address)(int);
            __attribute__((export_name("run"))) int run(void) { address = f; return f(data) + address(1); }
            """, wit: Self.run)
        let other = try Self.library(
            "other", "EXPORTED int data = 3; EXPORTED int f(int n) { return n + data; }", isOpenable: true)
        var random = SeededGenerator(seed: 0xd1)
        var options = Componentizer.Options()
        options.stubsMissingFunctions = true
        options.usesBuiltInLibdl = true
        var count = 0
        for _ in 0..<2_000 {
            var changed = other
            changed.bytes = Mutation.changed(other.bytes, &random)
            if (try? Componentizer.component(linking: [app, changed], options: options)) != nil { count += 1 }
        }
        #expect(count > 50)
    }

    @Test("functions that are not to be imported trap, or give an empty list")
    func stubbedImports() throws {
        let app = try Self.library(
            "app",
            """
            __attribute__((import_module("a:b/host"), import_name("names"))) void names(int *);
            __attribute__((import_module("a:b/host"), import_name("ask"))) int ask(int);
            __attribute__((import_module("a:b/host"), import_name("[resource-drop]thing"))) void drop(int);
            __attribute__((export_name("run"))) int run(void) {
                int list[2] = {7, 7};
                names(list);
                return list[0] + list[1];
            }
            __attribute__((export_name("fail"))) int fail(int n) {
                if (n == 2) drop(n);
                return ask(n);
            }
            EXPORTED void *cabi_realloc(void *old, int size, int align, int new) {
                (void)old, (void)size, (void)align, (void)new;
                return 0;
            }
            """,
            wit: """
                interface host { resource thing; names: func() -> list<string>; ask: func(n: u32) -> u32; }
                world w { import host; export run: func() -> u32; export fail: func(n: u32) -> u32; }
                """)
        var options = Componentizer.Options()
        options.stubsImports = { $0 == "a:b/host" }
        let (first, store) = try instance([app], options)
        #expect(try withExtendedLifetime(store) { try first.function("run").call() } == .u32(0))
        for argument: UInt32 in [1, 2] {
            let (instance, store) = try instance([app], options)
            #expect(throws: Trap.self) {
                try withExtendedLifetime(store) { try instance.function("fail").call(.u32(argument)) }
            }
        }
    }
}
