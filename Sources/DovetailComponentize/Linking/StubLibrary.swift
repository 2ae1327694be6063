// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// A library of functions that trap, in place of those that no library exports.
enum StubLibrary {
    static let name = "dovetail:stubs"

    static func library(_ stubs: [ExactName: CoreFunctionType]) throws(ComponentizeError) -> SharedLibrary {
        var module = CoreModuleBinary()
        var types = CoreFunctionTypes()
        var section = DynamicLinkingSection()
        section.memory = DynamicLinkingSection.MemoryInfo(memoryAlignment: 1, tableAlignment: 1)
        module.customSections.append(section.encoded())
        let sorted = stubs.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
        for (position, (name, type)) in sorted.enumerated() {
            var code = CoreCodeBuilder()
            code.unreachable()
            let index = types.index(of: type, in: &module)
            module.functions.append(CoreFunctionDefinition(type: index, body: code.finished()))
            module.exports.append(
                CoreModuleExport(
                    name: name.text, item: CoreSortIndex(sort: .function, index: UInt32(position))))
        }
        return try SharedLibrary(name: Self.name, bytes: module.encoded())
    }
}
