// SPDX-License-Identifier: Apache-2.0

/// A component of two: what one exports is what the other one imports.
package enum ComponentPair {
    /// - Parameters:
    ///   - import: the interface that `callee` exports and `caller` imports.
    ///   - export: the interface that `caller` exports, and so does the whole.
    package static func bytes(
        caller: [UInt8], callee: [UInt8], import name: String, export: String
    ) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] {
            value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + number(value >> 7)
        }
        func text(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) }
        func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id] + number(content.count) + content }
        func instantiate(_ component: UInt8, _ arguments: [UInt8]) -> [UInt8] {
            section(5, [1, 0, component] + arguments)
        }
        // `instance` is the sort 5.
        func alias(_ export: String, of instance: UInt8) -> [UInt8] {
            section(6, [1, 5, 0, instance] + text(export))
        }
        return [0, 0x61, 0x73, 0x6D, 13, 0, 1, 0] + section(4, callee) + section(4, caller)
            + instantiate(0, [0]) + alias(name, of: 0) + instantiate(1, [1] + text(name) + [5, 1])
            + alias(export, of: 2) + section(11, [1, 0] + text(export) + [5, 3, 0])
    }
}
