// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// The core module with functions in place of imports: each traps, or gives back an empty list.
struct StubModule {
    /// One function.
    struct Stub: Hashable {
        var type: CoreFunctionType
        /// Whether its one parameter is the place for a list: there is none of these, which programs expect.
        var givesEmptyList: Bool
    }

    static let main = "main"
    static let memory = "memory"

    private var stubs: [Stub] = []
    private var positions: [Stub: Int] = [:]

    var isEmpty: Bool { stubs.isEmpty }

    /// Adds a function unless there is one like it.
    mutating func add(_ stub: Stub) {
        guard positions[stub] == nil else { return }
        positions[stub] = stubs.count
        stubs.append(stub)
    }

    /// The name under which a function is exported.
    func name(of stub: Stub) -> String? { positions[stub].map { "\($0)" } }

    /// The bytes of the module.
    func encoded(producers: ProducersSection?) -> [UInt8] {
        var module = CoreModuleBinary()
        var types = CoreFunctionTypes()
        module.imports.append(
            CoreModuleImport(
                module: Self.main, name: Self.memory,
                type: .memory(CoreMemoryType(limits: CoreLimits(minimum: 0)))))
        for (position, stub) in stubs.enumerated() {
            var code = CoreCodeBuilder()
            if stub.givesEmptyList, stub.type == CoreFunctionType(parameters: [.i32], results: []) {
                // Address and length.
                code.localGet(0)
                code.i64(0)
                code.instruction(0x37, 2, 0)
            } else {
                code.unreachable()
            }
            module.functions.append(
                CoreFunctionDefinition(type: types.index(of: stub.type, in: &module), body: code.finished()))
            module.exports.append(
                CoreModuleExport(
                    name: "\(position)", item: CoreSortIndex(sort: .function, index: UInt32(position))))
        }
        if let producers {
            module.customSections.append(
                CoreCustomSection(name: ProducersSection.name, payload: producers.encoded()[...]))
        }
        return module.encoded()
    }
}
