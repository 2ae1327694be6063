// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// Keeps what came out of an object, and lets go of the object.

private typealias Tree = Family.Trees.Tree
private typealias Leaf = Family.Trees.Leaf

extension Family: Family.Exports {
    @inline(never)
    private static func leaf() -> Leaf { Tree(name: "oak").leaf() }

    @inline(never)
    private static func leaves() -> [Leaf] {
        do throws(ResultError<String>) { return try Tree(name: "oak").leaves() } catch { return [] }
    }

    @inline(never)
    private static func copy() -> Tree { Tree(name: "oak").copy() }

    @inline(never)
    private static func graft() -> Leaf { Tree(name: "oak").graft().1 }

    static func keepLeaf() -> String { leaf().name() }
    static func keepLeaves() -> UInt32 { UInt32(leaves().map { $0.name() }.count) }
    static func keepCopy() -> String { copy().leaf().name() }
    static func keepGraft() -> String { graft().name() }

    /// An object that is dropped by hand cannot be used.
    static func giveAway() -> String {
        let tree = Tree(name: "oak")
        tree.dropResource()
        tree.dropResource()
        return tree.leaf().name()
    }
}
