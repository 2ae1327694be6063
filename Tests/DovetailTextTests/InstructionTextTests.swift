// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailTestSupport
import DovetailText
import Testing

@Suite("The text of instructions")
struct InstructionTextTests {
    /// Every code that the reader of instructions knows.
    static let opcodes: [CoreOpcode] = {
        let prefixes: [(UInt8, UInt32)] = [(0, 0xff), (0xfb, 0x40), (0xfc, 0x20), (0xfd, 0x120), (0xfe, 0x80)]
        return prefixes.flatMap { prefix, last in
            (0...last).map { CoreOpcode($0, prefix: prefix) }.filter { $0.immediates != nil }
        }
    }()

    @Test("names every instruction that is known, but for unused codes among vectors")
    func names() {
        for opcode in Self.opcodes {
            let isUnused = opcode.prefix == 0xfd && opcode.code >= 0x80
            #expect(opcode.mnemonic != nil || isUnused || opcode.code == 0x0a, "0x\(opcode.prefix) 0x\(opcode.code)")
        }
        #expect(Set(Self.opcodes.compactMap(\.mnemonic)).count > 550)
    }

    @Test("is read back by the engine as the same instruction", arguments: opcodes.map { ($0, $0.mnemonic ?? "") })
    func roundTrip(_ opcode: CoreOpcode, _ name: String) throws {
        guard !name.isEmpty, let operands = Self.operands(of: opcode) else { return }
        var code: [UInt8] = []
        if opcode.prefix != 0 { code.append(opcode.prefix) }
        code += Self.unsigned(opcode.code) + operands
        let namesData = [.data, .dataAndMemory, .typeAndData].contains(opcode.immediates)
        let module = Self.module(code, countsData: namesData)
        let text = try module.withUnsafeBytes { try BinaryText.print($0) }
        let parsed = try WasmText.parse(text)
        #expect(parsed == module, "\(String(decoding: text, as: UTF8.self))")
    }

    /// Operands for an instruction, as bytes; `nil` for those that only stand with others.
    private static func operands(of opcode: CoreOpcode) -> [UInt8]? {
        // `else`, `catch`, `end` and what else belongs to blocks stands in the samples below.
        if opcode.prefix == 0, [0x05, 0x06, 0x07, 0x09, 0x0a, 0x0b, 0x18, 0x19].contains(opcode.code) { return nil }
        let alignment = UInt8(opcode.isAtomic ? opcode.width : 0)
        return switch opcode.immediates {
        case .some(.none): []
        case .i32, .i64: [0x7f]
        case .f32: [0, 0, 0xc0, 0x3f]
        case .f64: [0, 0, 0, 0, 0, 0, 0xf8, 0xbf]
        case .block: [0x7f, 0x00, 0x0b]
        case .tryTable: [0x40, 2, 0, 0, 0, 2, 0, 0x0b]
        case .label: [0]
        case .labels: [2, 0, 0, 0]
        case .local: [1]
        case .function, .global, .table, .tag, .type, .data, .element, .memory: [1]
        case .heapType: [0x6e]
        case .types: [1, 0x7f]
        case .memoryArgument: [alignment, 0x88, 0x01]
        case .memoryArgumentAndLane: [0, 4, 1]
        case .typeAndTable, .typeAndType, .typeAndField, .typeAndLength, .typeAndData, .typeAndElement, .typeAndTag:
            [1, 1]
        case .tables, .memories, .dataAndMemory, .elementAndTable: [1, 1]
        case .castBranch: [1, 0, 0x6e, 0x6d]
        case .vector: Array(0..<16)
        case .lanes: Array(0..<16)
        case .lane: [1]
        case .fence: [0]
        case .orderedGlobal, .orderedTable, .orderedType: [1, 1]
        case .orderedField: [0, 1, 1]
        case .typeAndHandlers: [1, 1, 0, 0, 0]
        case .typeTagAndHandlers: [1, 0, 1, 0, 0, 0]
        case nil: nil
        }
    }

    private static func unsigned(_ value: UInt32) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f | 0x80)] + unsigned(value >> 7)
    }

    /// A module with one function of that code. Nothing else is in it: text is read without being checked.
    private static func module(_ code: [UInt8], countsData: Bool) -> [UInt8] {
        let body = [0x00] + code + [0x0b]
        let size = unsigned(UInt32(body.count))
        let function = [0x01] + size + body
        return [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0]
            + (countsData ? [12, 1, 0] : []) + [10] + unsigned(UInt32(function.count)) + function
    }
}

extension CoreOpcode {
    fileprivate var isAtomic: Bool { prefix == 0xfe }

    /// The alignment that atomic accesses have to have.
    fileprivate var width: Int {
        switch code {
        case 0, 1: 2
        case 2: 3
        default: [2, 3, 0, 1, 0, 1, 2][Int(max(code, 0x10) - 0x10) % 7]
        }
    }
}
