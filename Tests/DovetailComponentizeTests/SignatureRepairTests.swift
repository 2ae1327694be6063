// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import Testing

/// Tables of extension modules as CPython's headers declare them.
@Suite(
    "Signatures in extension modules",
    .enabled(if: SharedLibraryCompiler.shared != nil, "the toolchain cannot make shared libraries"))
struct SignatureRepairTests {
    private static let source = """
        typedef struct { const char *name; void *function; int flags; const char *doc; } Method;
        typedef struct { const char *name; void *get, *set; const char *doc; void *closure; } Attribute;
        extern void *elsewhere(void *, void *);
        static int state[10] = {1};
        static void *alone(void *self) { return state[0]++ ? self : 0; }
        static void *both(void *self, void *other) { return state[1]++ ? self : other; }
        static void *words(void *self, void *arguments) { return state[2]++ ? self : arguments; }
        static void nothing(void *self) { state[3] = self != 0; }
        static double number(double x) { return x * state[4]; }
        static void *get(void *self) { return state[5]++ ? self : 0; }
        static int set(void *self, void *value) { return state[6] = self == value; }
        EXPORTED Method methods[] = {
            {"alone", alone, 4, "takes nothing"}, {"again", alone, 4 | 0x20, 0}, {"both", both, 8, 0}, {"elsewhere", elsewhere, 4, 0},
            {"words", words, 3, 0}, {"fast", both, 0x80, 0}, {"faster", words, 0x282, 0}, {"nothing", nothing, 4, 0},
            {"number", number, 4, 0}, {0, 0, 0, 0},
        };
        EXPORTED Attribute attributes[] = {{"size", get, 0, "the size", 0}, {"kind", get, set, 0, state}, {0, 0, 0, 0, 0}};
        /* Without an end these are no tables; neither is one with a name that is none. */
        EXPORTED Method open[] = {{"alone", alone, 4, 0}};
        EXPORTED int guard = 17;
        EXPORTED Method spaced[] = {{"a b", alone, 4, 0}, {0, 0, 0, 0}};
        """

    private func repaired() throws -> (before: [UInt8], after: [UInt8], repairs: [SignatureRepair.Repair]) {
        let library = try #require(SharedLibraryCompiler.shared).library(Self.source)
        let (bytes, repairs) = try SignatureRepair.repaired(library)
        return (library, bytes, repairs)
    }

    @Test("are mended where CPython passes another number of arguments") func repairs() throws {
        let found = try repaired().repairs.map { "\($0.kind) \($0.name) \($0.found)->\($0.expected)" }
        #expect(
            found == [
                "method alone 1->2", "method again 1->2", "method words 2->3", "method fast 2->3", "method faster 2->5",
                "method nothing 1->2", "getter size 1->2", "getter kind 1->2", "setter kind 2->3",
            ])
    }

    @Test("are right afterwards, and the library is valid") func result() throws {
        let (before, after, repairs) = try repaired()
        #expect(!repairs.isEmpty && after != before)
        #expect(try SignatureRepair.repaired(after).repairs.isEmpty)
        #expect(try SignatureRepair.repaired(after).bytes == after)
        var component: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, 0x01]
        // The size of the section, in four bytes.
        component += (0..<4).map { UInt8(after.count >> (7 * $0) & 0x7f) | ($0 < 3 ? 0x80 : 0) } + after
        _ = try Component(engine: Engine(), bytes: component)
    }

    @Test("stay as they are in modules that are no shared libraries") func others() throws {
        let module = CoreModuleBinary().encoded()
        #expect(try SignatureRepair.repaired(module).bytes == module)
    }

    @Test("are looked for in changed libraries without a crash") func hostile() throws {
        let library = try #require(SharedLibraryCompiler.shared).library(Self.source)
        var random = SeededGenerator(seed: 20)
        for _ in 0..<3_000 {
            var changed = library
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 8..<changed.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if let bytes = try? SignatureRepair.repaired(changed).bytes { #expect(bytes.count >= 8) }
        }
    }
}
