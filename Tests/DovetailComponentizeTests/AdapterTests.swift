// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTypes
import DovetailWIT
import Testing

/// Modules that implement what the main module imports.
@Suite struct AdapterTests {
    private static let nothing = CoreFunctionType(parameters: [], results: [])
    private static let number = CoreFunctionType(parameters: [.i32], results: [.i32])

    private func embedded(_ module: CoreModuleBinary, _ wit: String) throws -> [UInt8] {
        let resolution = try WIT.resolve(WITSource(text: wit))
        return try ComponentTypeSection.embed(
            try resolution.graph.world("w", in: resolution.root), of: resolution.graph, in: module.encoded())
    }

    /// A module that imports `used` from `old`, and has a memory.
    private func main(_ type: CoreFunctionType = nothing, exports: [String] = []) -> CoreModuleBinary {
        var module = CoreModuleBinary()
        let index = module.typeIndex(type)
        module.imports = [
            CoreModuleImport(module: "old", name: "used", type: .function(typeIndex: index, isExact: false))
        ]
        module.memories = [CoreMemoryType(limits: CoreLimits(minimum: 1))]
        module.exports = [CoreModuleExport(name: "memory", item: CoreSortIndex(sort: .memory, index: 0))]
        return module
    }

    /// An adapter with the functions `used`, which calls `new`, and `unused`, which calls `newer`; a stack if wanted.
    private func adapter(hasStack: Bool = false) -> CoreModuleBinary {
        var module = CoreModuleBinary()
        let type = module.typeIndex(Self.nothing)
        for name in ["new", "newer"] {
            module.imports.append(
                CoreModuleImport(module: "a:b/i", name: name, type: .function(typeIndex: type, isExact: false)))
        }
        module.imports.append(
            CoreModuleImport(
                module: "env", name: "memory", type: .memory(CoreMemoryType(limits: CoreLimits(minimum: 0)))))
        for (position, name) in ["used", "unused"].enumerated() {
            var code = CoreCodeBuilder()
            if hasStack {
                code.globalGet(0)
                code.globalSet(0)
            }
            code.call(UInt32(position))
            module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
            module.exports.append(
                CoreModuleExport(name: name, item: CoreSortIndex(sort: .function, index: UInt32(2 + position))))
        }
        if hasStack {
            module.globals = [
                CoreGlobalDefinition(
                    type: CoreGlobalType(type: .i32, isMutable: true),
                    initializer: CoreCodeBuilder.expression { $0.i32(0) })
            ]
            // The name section: subsection 7, one name for global 0.
            let name = Array("__stack_pointer".utf8)
            let names: [UInt8] = [1, 0, UInt8(name.count)] + name
            module.customSections = [
                CoreCustomSection(name: "name", payload: ([7, UInt8(names.count)] + names)[...])
            ]
        }
        return module
    }

    /// A main module and an adapter with a stack, each with its world.
    static func files(pageSizeLog2: UInt32? = nil) throws -> (main: [UInt8], adapter: [UInt8]) {
        let tests = AdapterTests()
        var main = tests.main()
        var adapter = tests.adapter(hasStack: true)
        if let pageSizeLog2 {
            let memory = CoreMemoryType(limits: CoreLimits(minimum: 0), pageSizeLog2: pageSizeLog2)
            main.memories = [memory]
            adapter.imports[2].type = .memory(memory)
        }
        return (try tests.embedded(main, empty), try tests.embedded(adapter, wit))
    }

    private static let wit = "package a:b; interface i { new: func(); newer: func(); } world w { import i; }"
    private static let empty = "package c:d; world w {}"

    private func component(_ main: CoreModuleBinary, _ adapter: CoreModuleBinary) throws -> [UInt8] {
        try Componentizer.component(
            of: try embedded(main, Self.empty),
            adapters: [.init(name: "old", bytes: try embedded(adapter, Self.wit))])
    }

    /// The adapter as it is in a component: the second core module.
    private func trimmed(_ component: [UInt8]) throws -> CoreModuleBinary {
        let ranges = try ComponentDecoder.decode(component).coreModules
        return try CoreModuleBinary.decode(component, range: ranges[1])
    }

    @Test("what the main module does not need of an adapter is left out")
    func unusedPartsAreLeftOut() throws {
        let component = try component(main(), adapter())
        let adapter = try trimmed(component)
        #expect(adapter.exports.map(\.name) == ["used"])
        #expect(adapter.imports.map(\.name) == ["new"])
        #expect(adapter.functions.count == 1)
        let wit = try WITDecoder.decode(component)
        #expect(wit.graph.interfaces.flatMap { $0.functions.keys } == ["new"])
    }

    @Test("an adapter that nothing needs is left out")
    func unusedAdaptersAreLeftOut() throws {
        var main = main()
        main.imports = []
        let component = try component(main, adapter())
        #expect(try ComponentDecoder.decode(component).coreModules.count == 1)
    }

    @Test("an adapter with a stack gets memory for it")
    func stacksAreAllocated() throws {
        let adapter = try trimmed(try component(main(), adapter(hasStack: true)))
        #expect(adapter.start == 3)
        #expect(adapter.functions.count == 3)
        // The memory is needed to grow it.
        #expect(adapter.imports.map(\.name) == ["memory", "new"])
    }

    @Test("an adapter lacks what the main module imports")
    func missingExports() throws {
        var other = adapter()
        other.exports = []
        let error = #expect(throws: ComponentizeError.self) { try component(main(), other) }
        #expect(error?.description == "old: `the main module` needs `used`, which the module does not export")
    }

    @Test("an adapter's function has another signature")
    func wrongSignature() throws {
        let error = #expect(throws: ComponentizeError.self) { try component(main(Self.number), adapter()) }
        #expect(
            error?.description
                == "old: wrong core signature of `used`: expected (func (param i32) (result i32)), found (func)")
    }

    @Test("the pages of an adapter's memory have to be those of the main module")
    func pageSizes() throws {
        var main = main()
        main.memories = [CoreMemoryType(limits: CoreLimits(minimum: 1), pageSizeLog2: 0)]
        let error = #expect(throws: ComponentizeError.self) { try component(main, adapter()) }
        #expect(
            error?.message
                == "the memory of adapter `old` has pages of 65536 bytes, and that of the main module of 1")
    }
}
