// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// The floating-point status that `fenv.h` of the toolchain for native packages declares: one number, in a library of its own, so
/// that what one extension raises another one sees.
enum EmulatedStatus {
    /// The name that the library is linked under.
    static let name = "libdovetail_fenv.so"
    /// Its functions.
    static let names = ["dovetail_feclearexcept", "dovetail_feraiseexcept", "dovetail_fetestexcept"]

    /// The library.
    static let library: [UInt8] = {
        var module = CoreModuleBinary()
        module.customSections = [DynamicLinkingSection().encoded()]
        let type = module.typeIndex(CoreFunctionType(parameters: [.i32], results: [.i32]))
        module.globals = [
            CoreGlobalDefinition(
                type: CoreGlobalType(type: .i32, isMutable: true), initializer: CoreCodeBuilder.expression { $0.i32(0) }
            )
        ]
        let bodies: [(inout CoreCodeBuilder) -> Void] = [
            { code in
                code.globalGet(0)
                code.localGet(0)
                code.i32(-1)
                code.instruction(0x73)  // i32.xor
                code.instruction(0x71)  // i32.and
                code.globalSet(0)
                code.i32(0)
            },
            { code in
                code.globalGet(0)
                code.localGet(0)
                code.instruction(0x72)  // i32.or
                code.globalSet(0)
                code.i32(0)
            },
            { code in
                code.globalGet(0)
                code.localGet(0)
                code.instruction(0x71)  // i32.and
            },
        ]
        for (index, body) in bodies.enumerated() {
            var code = CoreCodeBuilder()
            body(&code)
            module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
            module.exports.append(
                CoreModuleExport(name: names[index], item: CoreSortIndex(sort: .function, index: UInt32(index))))
        }
        return module.encoded()
    }()
}
