// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import Testing

/// Indices in code: found, and replaced.
@Suite struct CoreCodeTests {
    private func indices(_ body: [UInt8]) throws -> [String] {
        var found: [String] = []
        try CoreCode.indices(inBody: body[...]) { reference throws(BinaryError) in
            found.append("\(reference.space) \(reference.index)")
        }
        return found
    }

    @Test("indices are told apart by what they count")
    func indicesAreToldApart() throws {
        // One local of `(ref null 3)`; `call_indirect 1 2`, `br 0`, `i32.load`, `memory.init 4 5`, `ref.func 6`, `global.get 7`.
        let body: [UInt8] = [
            1, 2, 0x63, 3, 0x11, 1, 2, 0x0c, 0, 0x28, 2, 0, 0xfc, 8, 4, 5, 0xd2, 6, 0x23, 7, 0x08, 8, 0x0b,
        ]
        #expect(
            try indices(body) == [
                "type 3", "type 1", "table 2", "memory 0", "data 4", "memory 5", "function 6", "global 7", "tag 8",
            ])
    }

    @Test("a block's type is an index only where it is no type")
    func blockTypes() throws {
        let body: [UInt8] = [
            0, 0x02, 0x40, 0x0b, 0x02, 0x7f, 0x0b, 0x02, 0x70, 0x0b, 0x02, 0x64, 5, 0x0b, 0x02, 6, 0x0b, 0x02, 0xc0, 0,
            0x0b, 0x0b,
        ]
        #expect(try indices(body) == ["type 5", "type 6", "type 64"])
    }

    @Test("a memory argument takes an index when the memory is no longer the first, and loses it again")
    func memoryArguments() throws {
        // `i32.load align=4 offset=300`
        let body: [UInt8] = [0, 0x28, 2, 0xac, 0x02, 0x0b]
        let moved = try CoreCode.body(body[...]) { _, index throws(BinaryError) in index + 1 }
        #expect(moved == [0, 0x28, 0x42, 1, 0xac, 0x02, 0x0b])
        let back = try CoreCode.body(moved) { _, index throws(BinaryError) in index - 1 }
        #expect(Array(back) == body)
    }

    @Test("indices that stay keep their padding")
    func paddingStays() throws {
        let body: [UInt8] = [0, 0x10, 0x85, 0x80, 0x80, 0x80, 0x00, 0x10, 1, 0x0b]
        let changed = try CoreCode.body(body[...]) { _, index throws(BinaryError) in index == 1 ? 200 : index }
        #expect(changed == [0, 0x10, 0x85, 0x80, 0x80, 0x80, 0x00, 0x10, 0xc8, 1, 0x0b])
    }

    @Test("every instruction's indices can be moved and moved back")
    func everyInstructionIsMovedAndMovedBack() throws {
        let bytes = try CoreModuleBinaryTests.instructions()
        var module = try CoreModuleBinary.decode(bytes)
        var seen: Set<CoreIndexSpace> = []
        try module.mapIndices { space, index throws(BinaryError) in
            seen.insert(space)
            return index + 100
        }
        #expect(seen == Set(CoreIndexSpace.allCases))
        #expect(module.encoded().count > bytes.count)
        #expect(module.start == 100)
        try module.mapIndices { _, index throws(BinaryError) in index - 100 }
        #expect(module.encoded() == bytes)
    }

    @Test("instructions are given with their codes and places")
    func instructionsAreGiven() throws {
        let body: [UInt8] = [0, 0x41, 0x7f, 0xfd, 0x81, 0x02, 0x1a, 0x0b]
        try body.withUnsafeBytes { bytes in
            var reader = try CoreInstructionReader(body: 0..<bytes.count, of: bytes)
            var found: [CoreInstruction] = []
            while let next = try reader.next() { found.append(next) }
            #expect(
                found.map(\.opcode) == [
                    CoreOpcode(0x41), CoreOpcode(0x101, prefix: 0xfd), CoreOpcode(0x1a), CoreOpcode(0x0b),
                ])
            #expect(found.map(\.range) == [1..<3, 3..<6, 6..<7, 7..<8])
            try reader.finish()
        }
    }

    @Test("what is no instruction is refused")
    func unknownInstructionsAreRefused() throws {
        let first = #expect(throws: BinaryError.self) { try indices([0, 0xff, 0x0b]) }
        #expect(first?.message == "unknown instruction 0xff")
        let second = #expect(throws: BinaryError.self) { try indices([0, 0xfc, 0x7f, 0x0b]) }
        #expect(second?.message == "unknown instruction 0xfc 0x7f")
        let third = #expect(throws: BinaryError.self) { try indices([0, 0x01]) }
        #expect(third?.code == .unexpectedEnd)
        let fourth = #expect(throws: BinaryError.self) { try indices([0, 0x0b, 0x0b]) }
        #expect(fourth?.message == "unexpected data: 1 bytes are left at the end of the code of a function")
    }
}
