// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

/// Trees that note what is dropped when.
private final class Forest: Family.Imports {
    final class Tree: Family.Trees.Tree {
        let name: String
        let forest: Forest

        init(_ name: String, _ forest: Forest) {
            self.name = name
            self.forest = forest
        }

        deinit { forest.dropped.append(name) }

        func leaf() -> any Family.Trees.Leaf { Leaf("leaf of \(name)", forest) }
        func leaves() -> [any Family.Trees.Leaf] { [Leaf("a", forest), Leaf("b", forest)] }
        func copy() -> any Family.Trees.Tree { Tree("copy", forest) }
        func graft() -> (any Family.Trees.Tree, any Family.Trees.Leaf) {
            (Tree("copy", forest), Leaf("leaf of copy", forest))
        }
    }

    final class Leaf: Family.Trees.Leaf {
        let text: String
        let forest: Forest

        init(_ text: String, _ forest: Forest) {
            self.text = text
            self.forest = forest
        }

        deinit { forest.dropped.append(text) }

        func name() -> String { text }
    }

    var dropped: [String] = []

    func makeTree(name: String) -> any Family.Trees.Tree { Tree(name, self) }
}

@Suite(
    "Objects in Swift guests that depend on others",
    .enabled(if: GuestCompiler.shared != nil, "needs a toolchain with Embedded Swift for wasm32"))
struct FamilyTests {
    private let forest = Forest()
    private let family: Family

    init() throws {
        let (engine, component) = try GuestLanguage.swift.component("family")
        family = try Family(component, in: Store(engine: engine), imports: forest)
    }

    @Test("keep the one whose method they came from")
    func children() throws {
        #expect(try family.keepLeaf() == "leaf of oak")
        #expect(forest.dropped == ["leaf of oak", "oak"])
        forest.dropped = []
        #expect(try family.keepLeaves() == 2)
        #expect(forest.dropped.last == "oak" && forest.dropped.count == 3)
    }

    @Test("do not keep one of their own kind")
    func copies() throws {
        #expect(try family.keepCopy() == "leaf of copy")
        #expect(forest.dropped == ["oak", "leaf of copy", "copy"])
        forest.dropped = []
        #expect(try family.keepGraft() == "leaf of copy")
        #expect(forest.dropped == ["oak", "leaf of copy", "copy"])
    }

    @Test("trap when they are used after they were dropped")
    func dropped() throws {
        #expect(throws: Trap.self) { try family.giveAway() }
        #expect(forest.dropped == ["oak"])
    }
}
