// SPDX-License-Identifier: Apache-2.0

extension Adder: Adder.Exports {
    static func add(a: Int32, b: Int32) -> Int32 { a &+ b }
}
