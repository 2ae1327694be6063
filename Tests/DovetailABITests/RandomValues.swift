// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Makes random types and values of them.
struct RandomValues {
    var random: SeededGenerator
    var table = TypeTable()

    init(seed: UInt64) { random = SeededGenerator(seed) }

    private static let primitives: [ValueType] = [
        .bool, .s8, .u8, .s16, .u16, .s32, .u32, .s64, .u64, .f32, .f64, .char, .string,
    ]

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func type(depth: Int) -> ValueType {
        if depth == 0 || number(0...3) == 0 { return Self.primitives[number(0...Self.primitives.count - 1)] }
        let next = depth - 1
        let kind: TypeKind
        switch number(0...10) {
        case 0, 1: kind = .list(type(depth: next))
        case 2: kind = .fixedLengthList(type(depth: next), count: UInt32(number(1...4)))
        case 3: kind = .map(key: Self.primitives[number(0...12)], value: type(depth: next))
        case 4: kind = .record((0..<number(1...4)).map { Field(name: "f\($0)", type: type(depth: next)) })
        case 5: kind = .tuple((0..<number(1...4)).map { _ in type(depth: next) })
        case 6:
            kind = .variant(
                (0..<number(1...5)).map { Case(name: "c\($0)", type: number(0...2) == 0 ? nil : type(depth: next)) })
        case 7: kind = .enum((0..<(number(0...9) == 0 ? 300 : number(1...5))).map { Label(name: "e\($0)") })
        case 8: kind = .option(type(depth: next))
        case 9:
            kind = .result(
                ok: number(0...2) == 0 ? nil : type(depth: next), error: number(0...2) == 0 ? nil : type(depth: next))
        default: kind = .flags((0..<number(1...32)).map { Label(name: "b\($0)") })
        }
        return .defined(table.intern(kind))
    }

    mutating func text() -> String {
        let pools: [[ClosedRange<UInt32>]] = [
            [0x20...0x7e], [0x20...0x7e, 0xa0...0xff], [0x20...0x7e, 0xa0...0xff, 0x100...0xd7ff],
            [0x20...0x7e, 0xe000...0xfffd, 0x10000...0x10ffff],
        ]
        let pool = pools[number(0...3)]
        var text = String.UnicodeScalarView()
        for _ in 0..<number(0...20) {
            let range = pool[number(0...pool.count - 1)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }

    private mutating func list(_ element: ValueType, _ count: Int) -> ListValue {
        switch element {
        case .u8 where number(0...1) == 0: .u8((0..<count).map { _ in .random(in: .min ... .max, using: &random) })
        case .s32 where number(0...1) == 0: .s32((0..<count).map { _ in .random(in: .min ... .max, using: &random) })
        default: .values((0..<count).map { _ in value(element) })
        }
    }

    mutating func value(_ type: ValueType) -> Value {
        switch table.dealiased(type) {
        case .bool: return .bool(.random(using: &random))
        case .s8: return .s8(.random(in: .min ... .max, using: &random))
        case .u8: return .u8(.random(in: .min ... .max, using: &random))
        case .s16: return .s16(.random(in: .min ... .max, using: &random))
        case .u16: return .u16(.random(in: .min ... .max, using: &random))
        case .s32: return .s32(.random(in: .min ... .max, using: &random))
        case .u32: return .u32(.random(in: .min ... .max, using: &random))
        case .s64: return .s64(.random(in: .min ... .max, using: &random))
        case .u64: return .u64(.random(in: .min ... .max, using: &random))
        case .f32: return .f32(Float(bitPattern: .random(in: .min ... .max, using: &random)))
        case .f64: return .f64(Double(bitPattern: .random(in: .min ... .max, using: &random)))
        case .char: return .char(text().unicodeScalars.first ?? "x")
        case .string, .errorContext: return .string(text())
        case .defined(let id): return value(table[id].kind)
        }
    }

    private mutating func value(_ kind: TypeKind) -> Value {
        switch kind {
        case .record(let fields): return .record(fields.map { RecordField(name: $0.name, value: value($0.type)) })
        case .tuple(let parts): return .tuple(parts.map { value($0) })
        case .list(let element): return .list(list(element, number(0...6)))
        case .fixedLengthList(let element, let count): return .list(list(element, Int(count)))
        case .map(let key, let item):
            return .map((0..<number(0...4)).map { _ in MapEntry(key: value(key), value: value(item)) })
        case .variant(let cases):
            let one = cases[number(0...cases.count - 1)]
            return .variant(one.name, one.type.map { value($0) })
        case .enum(let labels): return .enum(labels[number(0...labels.count - 1)].name)
        case .option(let payload): return .option(number(0...1) == 0 ? nil : value(payload))
        case .result(let ok, let error):
            return number(0...1) == 0 ? .ok(ok.map { value($0) }) : .error(error.map { value($0) })
        case .flags(let labels): return .flags(labels.filter { _ in Bool.random(using: &random) }.map(\.name))
        default: return .bool(false)
        }
    }
}
