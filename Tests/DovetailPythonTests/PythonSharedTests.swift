// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Components of apps that import CPython instead of carrying it.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonSharedTests {
    private static let wit = "package a:b; world w { export run: func(code: string) -> string; }"
    private static let app = """
        import wit_world
        class WitWorld(wit_world.WitWorld):
            def run(self, code): return str(eval(code))
        """

    private func build(
        _ app: String = app, wit: String = wit, _ change: (inout AppBuild) -> Void = { _ in }
    ) throws -> [UInt8] {
        var build = AppBuild(files: ["app.py": app], wit: wit)
        build.sharesPython = true
        change(&build)
        return try build.build().component
    }

    private func run(_ component: [UInt8], _ code: String, _ wasi: WASIConfiguration? = WASIConfiguration()) throws
        -> String
    {
        let instance = try AppBuild.instance(of: component, wasi) { _, _ in }
        guard case .string(let text)? = try instance.function("run").call([.string(code)]) else { return "?" }
        return text
    }

    /// The names of the core modules that a component imports.
    private func imports(_ component: [UInt8]) throws -> [String] {
        try ComponentDecoder.decode(component).definitions.compactMap { definition in
            guard case .import(let item) = definition.value, case .coreModule = item.type else { return nil }
            return item.name.name
        }
    }

    @Test func `a small app is small, and its modules are those of every other app`() throws {
        let component = try build()
        #expect(component.count <= 400_000, "\(component.count)")
        #expect(try run(component, "'x' * 3 + str(len(wit_world.__name__))") == "xxx9")
        let modules = try imports(component)
        #expect(modules.count == 4 && modules.allSatisfy { $0.hasPrefix("cpython-sha256-x") }, "\(modules)")
        let other = try build(
            """
            import wit_world, json, decimal
            TABLE = json.loads("[1, 2, 3]")
            LARGE = bytes(range(256)) * 20000
            class WitWorld(wit_world.WitWorld):
                def run(self, code): return str(eval(code))
                def count(self, items): return len(items)
            """, wit: Self.wit.replacing("}", with: "export count: func(items: list<tuple<u8, string>>) -> u32; }"))
        #expect(try imports(other) == modules)
        // Memory has grown, and far behind what is shared there is something.
        #expect(try run(other, "len(LARGE), LARGE[-1], LARGE[3000001], TABLE") == "(5120000, 255, 193, [1, 2, 3])")
        #expect(try run(other, "decimal.Decimal('0.1') + 1") == "1.1")
    }

    @Test func `two builds of an app are the same`() throws {
        #expect(try build() == build())
    }

    @Test func `instances have memories of their own, and random numbers`() throws {
        let component = try build("import random\nitems = []\n" + Self.app)
        #expect(try run(component, "items.append(1), len(items)") == "(None, 1)")
        #expect(try run(component, "items.append(1), len(items)") == "(None, 1)")
        #expect(try run(component, "random.random()") != run(component, "random.random()"))
    }

    @Test func `an app with a loop shares the loop`() throws {
        let component = try build(
            """
            import asyncio
            import wit_world
            class WitWorld(wit_world.WitWorld):
                async def run(self, code):
                    first, second = await asyncio.gather(asyncio.sleep(0, code), asyncio.sleep(0, "b"))
                    return first + second
            """, wit: Self.wit.replacing("run: func", with: "run: async func"))
        #expect(component.count <= 400_000, "\(component.count)")
        #expect(try imports(component).count == 4)
        #expect(try run(component, "a") == "ab")
    }

    @Test func `without WASI`() throws {
        let component = try build { $0.stubsWASI = true }
        #expect(component.count <= 400_000, "\(component.count)")
        #expect(try run(component, "1 + 1", nil) == "2")
    }

    @Test(.enabled(if: SharedLibraryCompiler.shared != nil, "the toolchain cannot make shared libraries"))
    func `native extensions are imported`() throws {
        let component = try build("import fast\n" + Self.app) { build in
            build.libraries["fast.so"] = (try? PythonExtensionTests.library("fast")) ?? []
        }
        #expect(try run(component, "fast.twice(21), fast.count()") == "(42, 1)")
        let modules = try imports(component)
        #expect(modules.contains { $0.hasPrefix("python-extension-fast-sha256-x") }, "\(modules)")
        // Not the main module, which is another one, but what CPython has in memory before the extension is there.
        #expect(component.count <= 900_000, "\(component.count)")
        #expect(modules.count { $0.hasPrefix("cpython-sha256-x") } == 4, "\(modules)")
    }

    @Test(.enabled(if: SharedLibraryCompiler.shared != nil, "the toolchain cannot make shared libraries"))
    func `extensions that are the same stay two`() throws {
        let component = try build("import fast\nfrom copies import fast as copy\n" + Self.app) { build in
            build.files["copies/__init__.py"] = ""
            let library = (try? PythonExtensionTests.library("fast")) ?? []
            build.libraries = ["fast.so": library, "copies/fast.so": library]
        }
        #expect(try run(component, "copy.twice(fast.twice(21)), fast.count(), copy.count()") == "(84, 1, 1)")
    }
}
