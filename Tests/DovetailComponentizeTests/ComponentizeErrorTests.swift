// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTypes
import DovetailWIT
import Testing

/// What does not fit a world is named, with what was expected.
@Suite struct ComponentizeErrorTests {
    private static let world = """
        package a:b;
        interface i { f: func(x: string) -> u32; s: func() -> stream<u8>; }
        world w {
          import i;
          export g: func(x: u32, y: u32) -> string;
          export h: async func();
        }
        """

    /// A module with these functions, imported ones by module and name.
    private func module(
        imports: [(String, String, CoreFunctionType)] = [], exports: [(String, CoreFunctionType)] = [],
        world: String = world
    ) throws -> [UInt8] {
        var module = CoreModuleBinary()
        for (from, name, type) in imports {
            let index = module.typeIndex(type)
            module.imports.append(
                CoreModuleImport(module: from, name: name, type: .function(typeIndex: index, isExact: false)))
        }
        for (position, (name, type)) in exports.enumerated() {
            var code = CoreCodeBuilder()
            code.unreachable()
            let index = module.typeIndex(type)
            module.functions.append(CoreFunctionDefinition(type: index, body: code.finished()))
            module.exports.append(
                CoreModuleExport(
                    name: name,
                    item: CoreSortIndex(sort: .function, index: UInt32(imports.count + position))))
        }
        let wit = try WIT.resolve(WITSource(text: world))
        return try ComponentTypeSection.embed(
            try wit.graph.world("w", in: wit.root), of: wit.graph, in: module.encoded())
    }

    private static let nothing = CoreFunctionType(parameters: [], results: [])
    private static let g = CoreFunctionType(parameters: [.i32, .i32], results: [.i32])

    private func message(_ bytes: [UInt8]) -> String? {
        let error = #expect(throws: ComponentizeError.self) { try Componentizer.component(of: bytes) }
        return error?.message
    }

    @Test("an import with a wrong signature")
    func importSignature() throws {
        #expect(
            message(try module(imports: [("a:b/i", "f", Self.nothing)]))
                == "wrong core signature of `f` from `a:b/i`: expected (func (param i32 i32) (result i32)), found (func)"
        )
    }

    @Test("an export with a wrong signature")
    func exportSignature() throws {
        #expect(
            message(try module(exports: [("g", Self.nothing)]))
                == "wrong core signature of `g`: expected (func (param i32 i32) (result i32)), found (func)")
    }

    @Test("a missing export")
    func missingExport() throws {
        #expect(
            message(try module(exports: [("g", Self.g)]))
                == "the module does not export `h`, which the world's export `h` needs")
    }

    @Test("a missing callback")
    func missingCallback() throws {
        let callback = CoreFunctionType(parameters: [], results: [.i32])
        #expect(
            message(try module(exports: [("g", Self.g), ("[async-lift]h", callback)]))
                == "`[async-lift]h` needs `[callback][async-lift]h`, which the module does not export")
    }

    @Test("an unknown interface, function, stream")
    func unknownNames() throws {
        #expect(
            message(try module(imports: [("a:b/j", "f", Self.nothing)]))?.hasPrefix(
                "the module imports `f` from `a:b/j`, but the world imports no interface `a:b/j`") == true)
        #expect(
            message(try module(imports: [("a:b/i", "q", Self.nothing)]))
                == "the module imports `q` from `a:b/i`, but what the world imports has no such function")
        #expect(
            message(
                try module(imports: [("a:b/i", "[stream-new-1]s", CoreFunctionType(parameters: [], results: [.i64]))]))
                == "the module imports `[stream-new-1]s` from `a:b/i`, but that function has 1 streams and futures "
                + "among its types, and this is not one of them")
    }

    @Test("a missing memory and allocator")
    func missingMemory() throws {
        #expect(
            message(try module(exports: [("g", Self.g), ("h", Self.nothing)]))
                == "`g` needs a memory named `memory`, which the module does not export")
        let world = "package a:b; world w { import f: func() -> string; }"
        var bytes = CoreModuleBinary()
        let type = bytes.typeIndex(CoreFunctionType(parameters: [.i32], results: []))
        bytes.imports = [
            CoreModuleImport(module: "$root", name: "f", type: .function(typeIndex: type, isExact: false))
        ]
        bytes.memories = [CoreMemoryType(limits: CoreLimits(minimum: 1))]
        bytes.exports = [CoreModuleExport(name: "memory", item: CoreSortIndex(sort: .memory, index: 0))]
        let wit = try WIT.resolve(WITSource(text: world))
        let embedded = try ComponentTypeSection.embed(
            try wit.graph.world("w", in: wit.root), of: wit.graph, in: bytes.encoded())
        #expect(
            message(embedded) == "`f` needs an allocator named `cabi_realloc`, which the module does not export")
    }

    @Test("two adapters of one name")
    func duplicateAdapters() throws {
        let adapter = Componentizer.Adapter(name: "old", bytes: CoreModuleSections.emptyModule)
        let error = #expect(throws: ComponentizeError.self) {
            try Componentizer.component(of: CoreModuleSections.emptyModule, adapters: [adapter, adapter])
        }
        #expect(error?.message == "there are two modules named `old`; give each a name of its own")
    }
}
