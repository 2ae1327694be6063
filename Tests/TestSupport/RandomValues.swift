// SPDX-License-Identifier: Apache-2.0

package import DovetailABI
package import DovetailTypes

/// Random types, and random values of given types: right ones and, when asked for, wrong ones.
package struct RandomValues {
    /// The types that are referred to by number; those that are made here are added.
    package private(set) var types: TypeTable
    package var random: SeededGenerator
    /// Handles that may be passed, by the resource's identifier.
    private let resources: [TypeID: [Resource]]
    /// One value in so many is of another type; 0 for none.
    package var wrongness = 0
    /// Whether one of the values made so far is wrong, or a handle that may not fit.
    package private(set) var isWrong = false
    private var depth = 0
    /// What the values of one list of arguments may hold together.
    private var budget = 2000

    package init(
        types: TypeTable = TypeTable(), random: SeededGenerator, resources: [TypeID: [Resource]] = [:]
    ) {
        self.types = types
        self.random = random
        self.resources = resources
    }

    /// A value of `type`, or of any other one.
    package mutating func value(_ type: ValueType) -> Value {
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
        case .list(let element): return .list(list(element, length()))
        case .fixedLengthList(let element, let count): return .list(list(element, Int(min(count, 4096))))
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

    /// A list in one of the forms that hold it: some of numbers as an array of them, all others as values.
    private mutating func list(_ type: ValueType, _ count: Int) -> ListValue {
        switch type {
        case .u8 where wrongness == 0 && random.oneIn(2): return .u8((0..<count).map { _ in number() })
        case .s32 where wrongness == 0 && random.oneIn(2): return .s32((0..<count).map { _ in number() })
        default:
            var made: [Value] = []
            for _ in 0..<count { made.append(value(type)) }
            return .values(made)
        }
    }

    private mutating func length() -> Int {
        guard depth < 8, budget > 0 else { return 0 }
        return random.oneIn(40) ? random.below(300) : random.below(5)
    }

    // MARK: Types

    private static let primitives: [ValueType] = [
        .bool, .s8, .u8, .s16, .u16, .s32, .u32, .s64, .u64, .f32, .f64, .char, .string,
    ]

    private mutating func primitive() -> ValueType { Self.primitives[random.below(Self.primitives.count)] }

    /// A type without handles, nested at most `depth` deep.
    package mutating func type(depth: Int) -> ValueType {
        if depth == 0 || random.oneIn(4) { return primitive() }
        let next = depth - 1
        let kind: TypeKind
        switch random.below(11) {
        case 0, 1: kind = .list(type(depth: next))
        case 2: kind = .fixedLengthList(type(depth: next), count: UInt32(1 + random.below(4)))
        case 3: kind = .map(key: primitive(), value: type(depth: next))
        case 4: kind = .record((0...random.below(4)).map { Field(name: "f\($0)", type: type(depth: next)) })
        case 5: kind = .tuple((0...random.below(4)).map { _ in type(depth: next) })
        case 6: kind = .variant((0...random.below(5)).map { Case(name: "c\($0)", type: optionalType(depth: next)) })
        case 7: kind = .enum((0..<(random.oneIn(10) ? 300 : 1 + random.below(5))).map { Label(name: "e\($0)") })
        case 8: kind = .option(type(depth: next))
        case 9: kind = .result(ok: optionalType(depth: next), error: optionalType(depth: next))
        default: kind = .flags((0...random.below(32)).map { Label(name: "b\($0)") })
        }
        return .defined(types.intern(kind))
    }

    private mutating func optionalType(depth: Int) -> ValueType? { random.oneIn(3) ? nil : type(depth: depth) }

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

    /// A number, often the smallest or largest of its type.
    private mutating func number<Number: FixedWidthInteger>() -> Number {
        switch random.below(6) {
        case 0: .min
        case 1: .max
        case 2: 0
        default: .random(in: .min ... .max, using: &random)
        }
    }

    /// Scalars by the bytes that encodings need for them.
    private static let scalars: [ClosedRange<UInt32>] = [
        0x20...0x7e, 0...0xff, 0x100...0xd7ff, 0xe000...0xffff, 0x10000...0x10ffff,
    ]

    private mutating func scalar(_ ranges: ArraySlice<ClosedRange<UInt32>> = scalars[...]) -> Unicode.Scalar {
        let value = UInt32.random(in: ranges[random.below(ranges.count)], using: &random)
        return Unicode.Scalar(value) ?? " "
    }

    /// A text, often of ASCII or Latin-1 only, for which encodings have fast paths.
    private mutating func text() -> String {
        let ranges = Self.scalars.prefix(random.oneIn(2) ? Self.scalars.count : 1 + random.below(3))
        var text = String.UnicodeScalarView()
        for _ in 0..<(random.oneIn(50) ? 3000 : random.below(20)) { text.append(scalar(ranges)) }
        return String(text)
    }
}
