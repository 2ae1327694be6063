// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import Testing

/// Core modules out of components.
@Suite struct UnbundleTests {
    @Test("modules are imported in the place of those that were in it")
    func modulesAreImported() throws {
        let component = try Componentizer.component(of: try ComponentizerTests.dummy("everything", .legacy))
        let ranges = try ComponentDecoder.decode(component).coreModules
        let unbundled = try UnbundledComponent(component, threshold: 0)
        #expect(unbundled.modules.map(\.bytes) == ranges.map { Array(component[$0]) })
        #expect(unbundled.modules.map(\.name) == ["unbundled-module0", "unbundled-module1", "unbundled-module2"])
        #expect(try ComponentDecoder.decode(unbundled.component).coreModules.isEmpty)
    }

    @Test("small modules stay")
    func smallModulesStay() throws {
        let component = try Componentizer.component(of: try ComponentizerTests.dummy("everything", .legacy))
        let largest = try #require(try ComponentDecoder.decode(component).coreModules.map(\.count).max())
        let unbundled = try UnbundledComponent(component, threshold: largest)
        #expect(unbundled.modules.count == 1)
        #expect(try ComponentDecoder.decode(unbundled.component).coreModules.count == 2)
        let same = try UnbundledComponent(component, threshold: largest + 1)
        #expect(same.component == component)
    }

    @Test("what is no component is refused")
    func coreModulesAreRefused() {
        #expect(throws: ComponentizeError.self) {
            try UnbundledComponent(CoreModuleSections.emptyModule, threshold: 0)
        }
    }

    @Test(
        "components of the corpus stay valid without their modules",
        .enabled(if: SharedData.isPresent, "\(SharedData.hint)"),
        arguments: try Corpus.files("components", "abi", atLeast: 590))
    func corpus(_ file: CorpusFile) throws {
        let bytes = try file.bytes()
        guard ComponentDecoder.kind(of: bytes) == .component,
            (try? ComponentDecoder.decode(bytes)) != nil, bytes.count < 200_000
        else { return }
        let unbundled = try UnbundledComponent(bytes, threshold: 0)
        #expect(unbundled.modules.count == (try ComponentDecoder.decode(bytes).coreModules.count))
    }
}
