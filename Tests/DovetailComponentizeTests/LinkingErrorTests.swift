// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTypes
import DovetailWIT
import Testing

/// What libraries lack is named, with what was expected and what was found.
@Suite struct LinkingErrorTests {
    /// What a library imports, from a module, or exports.
    private enum Item {
        static func function(
            _ name: String, _ parameters: [CoreValueType], _ results: [CoreValueType] = [], from module: String? = nil
        ) -> (String?, String, CoreFunctionType) {
            (module, name, CoreFunctionType(parameters: parameters, results: results))
        }
    }

    private static func library(
        _ name: String, needs: [String] = [], functions: [(String?, String, CoreFunctionType)],
        globals: [(String, String, Bool)] = [], isShared: Bool = true, isOpenable: Bool = false,
        change: (inout DynamicLinkingSection) -> Void = { _ in }
    ) -> Componentizer.Library {
        var module = CoreModuleBinary()
        for (from, name, type) in functions {
            guard let from else { continue }
            let index = module.typeIndex(type)
            module.imports.append(
                CoreModuleImport(module: from, name: name, type: .function(typeIndex: index, isExact: false)))
        }
        let imported = UInt32(module.imports.count)
        for (from, name, isMutable) in globals {
            module.imports.append(
                CoreModuleImport(
                    module: from, name: name, type: .global(CoreGlobalType(type: .i32, isMutable: isMutable))))
        }
        for (from, name, type) in functions where from == nil {
            var code = CoreCodeBuilder()
            code.unreachable()
            let index = module.typeIndex(type)
            module.exports.append(
                CoreModuleExport(
                    name: name,
                    item: CoreSortIndex(sort: .function, index: imported + UInt32(module.functions.count))))
            module.functions.append(CoreFunctionDefinition(type: index, body: code.finished()))
        }
        if isShared {
            var section = DynamicLinkingSection()
            section.needed = needs
            change(&section)
            module.customSections.append(section.encoded())
        }
        return Componentizer.Library(name: name, bytes: module.encoded(), isOpenable: isOpenable)
    }

    private func message(
        _ libraries: Componentizer.Library..., options: Componentizer.Options = .init()
    ) -> String? {
        do throws(ComponentizeError) {
            _ = try Componentizer.component(linking: libraries, options: options)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("a library that is needed by name")
    func missingLibrary() {
        #expect(
            message(Self.library("app", needs: ["libc.so"], functions: []))
                == "libraries are missing: `app` needs library `libc.so`; add them by these names")
    }

    @Test("functions, with their signatures")
    func missingFunctions() {
        let app = Self.library(
            "app",
            functions: [
                Item.function("f", [.i32], [.i32], from: "env"), Item.function("g", [], [], from: "env"),
                Item.function("run", []),
            ])
        let other = Self.library("other", functions: [Item.function("g", [.i64])])
        #expect(
            message(app, other)
                == "unresolved symbols: `app` needs function `f` (func (param i32) (result i32)), "
                + "`app` needs function `g`: expected (func), found (func (param i64)) in `other`; "
                + "add the libraries that export them, `--stub-missing-functions` puts functions that trap in their place"
        )
    }

    @Test("a function of another type is no missing one, and gets no stub")
    func stubsDoNotHideSignatures() {
        var options = Componentizer.Options()
        options.stubsMissingFunctions = true
        let app = Self.library("app", functions: [Item.function("g", [], [], from: "env")])
        let other = Self.library("other", functions: [Item.function("g", [.i64])])
        #expect(
            message(app, other, options: options)
                == "unresolved symbols: `app` needs function `g`: expected (func), found (func (param i64)) in `other`")
    }

    @Test("functions that open libraries")
    func missingLibdl() {
        let app = Self.library("app", functions: [Item.function("dlopen", [.i32, .i32], [.i32], from: "env")])
        #expect(message(app)?.contains("`--use-built-in-libdl` gives `dlopen` and its like") == true)
    }

    @Test("data and addresses")
    func missingData() {
        let app = Self.library(
            "app", functions: [], globals: [("GOT.mem", "errno", true), ("GOT.func", "handler", true)])
        #expect(
            message(app)
                == "unresolved symbols: `app` needs data `errno`, `app` needs the address of function `handler`")
        let weak = Self.library(
            "app", functions: [], globals: [("GOT.mem", "errno", true), ("GOT.func", "handler", true)]
        ) {
            $0.imports = [
                .init(module: "GOT.mem", name: "errno", flags: .weak),
                .init(module: "GOT.func", name: "handler", flags: .weak),
            ]
        }
        #expect(message(weak) == nil)
    }

    @Test("what linkers give has the types that the convention says")
    func wrongTypes() {
        #expect(
            message(Self.library("app", functions: [], globals: [("env", "__memory_base", true)]))
                == "app: wrong type of import `__memory_base` from `env`: expected (global i32), found (global (mut i32))"
        )
        #expect(
            message(Self.library("app", functions: [Item.function("__wasm_call_ctors", [.i32])]))
                == "app: wrong core signature of `__wasm_call_ctors`: expected (func), found (func (param i32))")
        #expect(
            message(
                Self.library("app", functions: [Item.function("__wasm_get_stack_pointer", [.i64], [.i32], from: "env")])
            )
                == "app: wrong core signature of `__wasm_get_stack_pointer` from `env`: "
                + "expected (func (result i32)), found (func (param i64) (result i32))")
        #expect(
            message(
                Self.library(
                    "app", functions: [Item.function("_initialize", []), Item.function("__wasm_call_ctors", [])])
            ) == "app: the library exports both `_initialize` and `__wasm_call_ctors`; expected one of them")
    }

    @Test("a module that is no shared library")
    func notShared() {
        #expect(
            message(Self.library("app", functions: [], isShared: false))
                == "app: expected a shared library, found a core module without a `dylink.0` section; link it with `-shared`"
        )
    }

    @Test("two libraries of one name, and two programs")
    func duplicates() {
        let program = Self.library("a", functions: [Item.function("_start", [])])
        let other = Self.library("b", functions: [Item.function("_start", [])])
        #expect(message(program, program) == "there are two modules named `a`; give each a name of its own")
        #expect(message(program, other) == "libraries `a` and `b` both export `_start`; expected one program")
    }

    @Test("a function that two libraries take for different ones")
    func twoSignatures() {
        let a = Self.library("a", needs: ["b"], functions: [Item.function("f", [.i32], from: "env")])
        let b = Self.library(
            "b", needs: ["c"],
            functions: [Item.function("f", [.i64], from: "env"), Item.function("f", [.i32])])
        let c = Self.library("c", needs: ["a"], functions: [Item.function("f", [.i64])])
        #expect(
            message(a, b, c)
                == "libraries want function `f` both as (func (param i64)) and as (func (param i32)); expected one signature"
        )
    }

    @Test("more memory than there is")
    func tooLarge() {
        let large = Self.library("a", functions: []) { $0.memory.memorySize = .max }
        #expect(
            message(large)
                == "the stack and the libraries up to `a` need more memory or table than there can be")
    }

    @Test("an export of the world in two libraries")
    func duplicateExports() throws {
        let wit = try WIT.resolve(WITSource(text: "package a:b; world w { export f: func(); }"))
        let world = try wit.graph.world("w", in: wit.root)
        var libraries = ["a", "b"].map { Self.library($0, functions: [Item.function("f", [])]) }
        for index in libraries.indices {
            libraries[index].bytes = try ComponentTypeSection.embed(world, of: wit.graph, in: libraries[index].bytes)
        }
        let error = #expect(throws: ComponentizeError.self) { try Componentizer.component(linking: libraries) }
        #expect(error?.code == .world)
    }
}
