// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import Testing

/// Damaged modules become valid components or errors.
@Suite struct HostileModuleTests {
    @Test(
        "changed modules are refused or become components",
        arguments: [DummyModule.Names.legacy, .current, .legacyCallback, .legacyStackful])
    func changedModules(_ names: DummyModule.Names) throws {
        for world in ["everything", "asynchronous"] {
            let original = try ComponentizerTests.dummy(world, names)
            var random = SeededGenerator(seed: 0xada9)
            for _ in 0..<150 {
                let module = Mutation.changed(original, &random)
                guard let component = try? Componentizer.component(of: module) else { continue }
                #expect(ComponentDecoder.kind(of: component) == .component)
            }
        }
    }

    @Test("changed adapters are refused or become part of components")
    func changedAdapters() throws {
        let (main, adapter) = try AdapterTests.files()
        var random = SeededGenerator(seed: 0xada9)
        var countOfComponents = 0
        for _ in 0..<3_000 {
            let changed = Componentizer.Adapter(name: "old", bytes: Mutation.changed(adapter, &random))
            if (try? Componentizer.component(of: main, adapters: [changed])) != nil { countOfComponents += 1 }
        }
        #expect(countOfComponents > 100)
    }

    @Test("changed components are taken apart or refused")
    func changedComponents() throws {
        let original = try Componentizer.component(of: try ComponentizerTests.dummy("everything", .legacy))
        var random = SeededGenerator(seed: 0xada9)
        for _ in 0..<300 {
            _ = try? UnbundledComponent(Mutation.changed(original, &random), threshold: 0)
        }
    }

    @Test("an adapter with pages of an absurd size is refused or made part of a component")
    func absurdPageSizes() throws {
        let (main, adapter) = try AdapterTests.files(pageSizeLog2: .max)
        _ = try? Componentizer.component(of: main, adapters: [.init(name: "old", bytes: adapter)])
    }
}
