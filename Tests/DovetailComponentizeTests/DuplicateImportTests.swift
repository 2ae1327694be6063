// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailComponentize
import DovetailTypes
import DovetailWIT
import Testing

/// Core modules that import something several times.
@Suite struct DuplicateImportTests {
    private static let world = """
        package a:b;
        world w { import f: func() -> u32; import g: func() -> u32; export run: func() -> u32; }
        """

    /// Imports `f`, `f` and `g`; `run` returns their results as digits.
    private func module(secondType: CoreFunctionType = CoreFunctionType(parameters: [], results: [.i32])) throws
        -> [UInt8]
    {
        var module = CoreModuleBinary()
        let type = module.typeIndex(CoreFunctionType(parameters: [], results: [.i32]))
        let second = module.typeIndex(secondType)
        module.imports = [("f", type), ("f", second), ("g", type)].map { name, type in
            CoreModuleImport(module: "$root", name: name, type: .function(typeIndex: type, isExact: false))
        }
        let digits: [UInt8] = [0, 0x10, 0, 0x41, 10, 0x6c, 0x10, 1, 0x6a, 0x41, 10, 0x6c, 0x10, 2, 0x6a, 0x0b]
        module.functions = [CoreFunctionDefinition(type: type, body: digits[...])]
        module.exports = [CoreModuleExport(name: "run", item: CoreSortIndex(sort: .function, index: 3))]
        let wit = try WIT.resolve(WITSource(text: Self.world))
        return try ComponentTypeSection.embed(
            try wit.graph.world("w", in: wit.root), of: wit.graph, in: module.encoded())
    }

    @Test("a function that is imported twice is the same function both times")
    func importedTwice() throws {
        let engine = try Engine()
        let component = try Component(engine: engine, bytes: try Componentizer.component(of: try module()))
        var linker = Linker(engine: engine)
        linker.define("f") { (_: Caller) -> UInt32 in 4 }
        linker.define("g") { (_: Caller) -> UInt32 in 7 }
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        #expect(try instance.function("run").call() == .u32(447))
    }

    @Test("a function that is imported with two types is refused")
    func twoTypes() throws {
        let module = try module(secondType: CoreFunctionType(parameters: [], results: [.i64]))
        #expect(throws: ComponentizeError.self) { try Componentizer.component(of: module) }
    }
}
