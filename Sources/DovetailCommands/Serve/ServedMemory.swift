// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary

/// Where the instances of components that are served have their memory from.
enum ServedMemory {
    /// The kind that makes the instances of a component soonest, with the usual numbers.
    static func best(for bytes: UnsafeRawBufferPointer) throws -> Engine.Configuration.Allocation {
        // With more, an instance is made sooner by mapping its data than by copying it.
        try dataSize(of: bytes) > largestCopiedData ? .pooling() : .recycling()
    }

    /// The most bytes of data that are copied for each instance.
    private static let largestCopiedData = 128 << 10

    /// The bytes of data that the instances of a component begin with; very many when core modules are imported, which are imported
    /// for what they hold.
    private static func dataSize(of bytes: UnsafeRawBufferPointer) throws -> Int {
        let component = try ComponentDecoder.decode(bytes)
        let importsModules = component.definitions.contains { definition in
            if case .import(let item) = definition.value, case .coreModule = item.type { true } else { false }
        }
        if importsModules { return .max }
        return try component.coreModules.reduce(0) { size, module in
            try CoreModuleOutline(bytes, range: module).sections.reduce(size) { size, section in
                section.id == 11 ? size + section.range.count : size
            }
        }
    }

    /// Whether an error says that a component does not fit into a pool; the engine has no code for it.
    static func isPoolLimit(_ error: any Error) -> Bool { "\(error)".contains("pooling allocator") }

    /// Whether a component answers requests, by the names of its exports.
    static func isProxy(_ names: some Sequence<String>) -> Bool {
        names.contains { $0.hasPrefix("wasi:http/incoming-handler@0.2.") }
    }
}
