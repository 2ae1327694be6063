// SPDX-License-Identifier: Apache-2.0

import Dovetail

/// Makes values for the types of a component, right ones and wrong ones.
struct RandomValues {
    let types: TypeTable
    var random: SeededGenerator
    /// Handles that may be passed, by the resource's identifier.
    let resources: [TypeID: [Resource]]
    /// One value in so many is of another type; 0 for none.
    var wrongness = 0
    /// Whether a wrong value, or a handle that may not fit, is among what was made.
    private(set) var isWrong = false
    private var depth = 0
    /// What the values of one list of arguments may hold together.
    private var budget = 2000

    init(types: TypeTable, random: SeededGenerator, resources: [TypeID: [Resource]]) {
        self.types = types
        self.random = random
        self.resources = resources
    }

    /// A value of `type`, or of any other one.
    mutating func value(_ type: ValueType) -> Value {
        budget -= 1
        if wrongness > 0, random.oneIn(wrongness) {
            isWrong = true
            return anything()
        }
        depth += 1
        defer { depth -= 1 }
        switch types.dealiased(type) {
        case .bool: return .bool(random.oneIn(2))
        case .s8: return .s8(number())
        case .u8: return .u8(number())
        case .s16: return .s16(number())
        case .u16: return .u16(number())
        case .s32: return .s32(number())
        case .u32: return .u32(number())
        case .s64: return .s64(number())
        case .u64: return .u64(number())
        case .f32: return .f32(Float(bitPattern: number()))
        case .f64: return .f64(Double(bitPattern: number()))
        case .char: return .char(scalar())
        case .string: return .string(text())
        case .errorContext: return wrong()
        case .defined(let id): return value(types[id].kind)
        }
    }

    private mutating func value(_ kind: TypeKind) -> Value {
        switch kind {
        case .record(let fields):
            var made: [RecordField] = []
            for field in fields { made.append(RecordField(name: field.name, value: value(field.type))) }
            return .record(made)
        case .variant(let cases):
            let chosen = cases[random.below(cases.count)]
            return .variant(chosen.name, payload(chosen.type))
        case .enum(let labels): return .enum(labels[random.below(labels.count)].name)
        case .flags(let labels): return .flags(labels.map(\.name).filter { _ in random.oneIn(2) })
        case .tuple(let parts):
            var made: [Value] = []
            for part in parts { made.append(value(part)) }
            return .tuple(made)
        case .option(let type): return .option(random.oneIn(3) ? nil : value(type))
        case .result(let ok, let error): return random.oneIn(2) ? .ok(payload(ok)) : .error(payload(error))
        case .list(let element): return .list(elements(element, length()))
        case .fixedLengthList(let element, let count): return .list(elements(element, Int(min(count, 4096))))
        case .map(let key, let item):
            var entries: [MapEntry] = []
            for _ in 0..<length() { entries.append(MapEntry(key: value(key), value: value(item))) }
            return .map(entries)
        case .own(let id), .borrow(let id):
            isWrong = true
            let known = resources[types.resource(id)] ?? []
            return known.isEmpty ? .u32(0) : .resource(known[random.below(known.count)])
        case .alias(let type): return value(type)
        case .resource, .stream, .future: return wrong()
        }
    }

    private mutating func wrong() -> Value {
        isWrong = true
        return anything()
    }

    private mutating func payload(_ type: ValueType?) -> Value? {
        guard let type else { return nil }
        return value(type)
    }

    private mutating func elements(_ type: ValueType, _ count: Int) -> [Value] {
        var made: [Value] = []
        for _ in 0..<count { made.append(value(type)) }
        return made
    }

    private mutating func length() -> Int {
        guard depth < 8, budget > 0 else { return 0 }
        return random.oneIn(40) ? random.below(300) : random.below(5)
    }

    // MARK: Any value

    /// A value of no type in particular.
    private mutating func anything() -> Value {
        depth += 1
        defer { depth -= 1 }
        budget -= 1
        switch random.below(depth > 6 ? 9 : 17) {
        case 0: return .bool(random.oneIn(2))
        case 1: return .s8(number())
        case 2: return .u32(number())
        case 3: return .s64(number())
        case 4: return .f32(Float(bitPattern: number()))
        case 5: return .f64(Double(bitPattern: number()))
        case 6: return .char(scalar())
        case 7: return .string(text())
        case 8: return .enum(text())
        case 9: return .option(random.oneIn(2) ? nil : anything())
        case 10: return random.oneIn(2) ? .ok(anything()) : .error(nil)
        case 11: return .variant(text(), random.oneIn(2) ? nil : anything())
        case 12: return .tuple(some())
        case 13: return .list(some())
        case 14: return .list(.u16((0..<random.below(20)).map { UInt16($0) }))
        case 15: return .record(some().enumerated().map { RecordField(name: "f\($0.offset)", value: $0.element) })
        default: return .flags([text(), text()])
        }
    }

    private mutating func some() -> [Value] {
        var made: [Value] = []
        for _ in 0..<random.below(4) { made.append(anything()) }
        return made
    }

    // MARK: Scalars

    /// A number, often one at the edge of its type.
    private mutating func number<Number: FixedWidthInteger>() -> Number {
        switch random.below(6) {
        case 0: .min
        case 1: .max
        case 2: 0
        default: .random(in: .min ... .max, using: &random)
        }
    }

    private mutating func scalar() -> Unicode.Scalar {
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7e, 0...0xff, 0x100...0xd7ff, 0xe000...0xffff, 0x10000...0x10ffff,
        ]
        let value = UInt32.random(in: ranges[random.below(ranges.count)], using: &random)
        return Unicode.Scalar(value) ?? " "
    }

    private mutating func text() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<(random.oneIn(50) ? 3000 : random.below(12)) { text.append(scalar()) }
        return String(text)
    }
}
