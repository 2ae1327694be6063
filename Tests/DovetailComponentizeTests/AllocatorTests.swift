// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailComponentize
import DovetailWIT
import Testing

@Suite("The allocator of a module")
struct AllocatorTests {
    private static let wit = """
        package a:b;
        interface log { write: func(text: string); read: func() -> string; }
        interface numbers { sum: func(numbers: list<u32>) -> u32; name: func() -> string; }
        world imports { import log; export f: func(a: u32) -> u32; }
        world results { export name: func() -> string; }
        world arguments { export numbers; }
        world many { export f: func(a: tuple<u64, u64, u64, u64, u64, u64>, b: tuple<u64, u64, u64, u64, u64, u64>,
            c: tuple<u64, u64, u64, u64, u64, u64>); }
        """

    private static func module(_ fields: String, _ world: String) throws -> [UInt8] {
        let bytes = try WasmText.parse(Array("(module \(fields) (memory (export \"memory\") 1))".utf8), name: "test")
        let resolved = try WIT.resolve(WITSource(text: wit))
        return try ComponentTypeSection.embed(
            try resolved.graph.world(world, in: resolved.root), of: resolved.graph, in: bytes)
    }

    @Test(
        "is needed where arguments lie in memory, or results of imports that are called",
        arguments: [
            ("imports", #"(func (export "f") (param i32) (result i32) (i32.const 0))"#, false),
            (
                "imports",
                #"""
                (import "a:b/log" "write" (func (param i32 i32)))
                (func (export "f") (param i32) (result i32) (i32.const 0))
                """#, false
            ),
            (
                "imports",
                #"""
                (import "a:b/log" "read" (func (param i32)))
                (func (export "f") (param i32) (result i32) (i32.const 0))
                """#, true
            ),
            ("results", #"(func (export "name") (result i32) (i32.const 0))"#, false),
            (
                "arguments",
                #"""
                (func (export "a:b/numbers#sum") (param i32 i32) (result i32) (i32.const 0))
                (func (export "a:b/numbers#name") (result i32) (i32.const 0))
                """#, true
            ),
            ("many", #"(func (export "f") (param i32))"#, true),
        ])
    func need(_ world: String, _ fields: String, _ isNeeded: Bool) throws {
        let module = try Self.module(fields, world)
        #expect(try Componentizer.needsAllocator(module) == isNeeded)
        // Such a module becomes a component, or does not, by what was found.
        #expect(((try? Componentizer.component(of: module)) != nil) != isNeeded)
    }
}
