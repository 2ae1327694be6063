// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import Testing

/// Typed conversions against the dynamic ones: what one lowers, the other lifts.
struct TypedTests {
    private enum Three: FixedCount { static var count: Int { 3 } }

    private func check<Typed: ComponentConvertible & Equatable>(
        _ typed: Typed, _ value: Value, _ type: ValueType, _ table: TypeTable, is64: Bool,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(Typed.shape.difference(from: type, in: table) == nil, sourceLocation: location)
        let layout = try LayoutCache(table).layout(of: type)
        #expect(Typed.abi.size(is64) == layout.size(is64), sourceLocation: location)
        #expect(Typed.abi.alignment(is64) == layout.alignment(is64), sourceLocation: location)
        #expect(min(17, Typed.abi.flatCount) == layout.flatCount, sourceLocation: location)
        for encoding in [StringEncoding.utf8, .utf16, .latin1OrUTF16] {
            let guest = FakeGuest(is64: is64, encoding: encoding)
            var cx = CanonicalContext(guest)
            let slots = Slots()
            var writer = slots.writer
            try typed.lower(&cx, into: &writer)
            #expect(writer.position == slots.base + Typed.abi.flatCount * 16, sourceLocation: location)
            var reader = slots.reader
            #expect(try DynamicABI.lift(layout, &cx, from: &reader) == value, sourceLocation: location)
            writer = slots.writer
            try DynamicABI.lower(value, as: layout, &cx, into: &writer)
            reader = slots.reader
            #expect(try Typed.lift(&cx, from: &reader) == typed, sourceLocation: location)
            #expect(reader.position == slots.base + Typed.abi.flatCount * 16, sourceLocation: location)
            let place = Int(try cx.allocate(alignment: 8, size: 256))
            try typed.store(&cx, at: place)
            #expect(try DynamicABI.load(layout, &cx, at: place) == value, sourceLocation: location)
            try DynamicABI.store(value, as: layout, &cx, at: place + 128)
            #expect(try Typed.load(&cx, at: place + 128) == typed, sourceLocation: location)
        }
    }

    @Test("typed values are lowered and lifted like dynamic ones", arguments: [false, true])
    func agreesWithDynamic(is64: Bool) throws {
        var table = TypeTable()
        func type(_ kind: TypeKind) -> ValueType { .defined(table.intern(kind)) }
        let strings = type(.list(.string))
        let option = type(.option(.u16))
        let result = type(.result(ok: .string, error: .u64))
        let bare = type(.result(ok: nil, error: .f32))
        let tuple = type(.tuple([.u8, .u64, .string, option]))
        let map = type(.map(key: .string, value: .s16))
        let fixed = type(.fixedLengthList(.u16, count: 3))
        let nested = type(.list(type(.list(tuple))))
        try check(Int8(-3), .s8(-3), .s8, table, is64: is64)
        try check(UInt64.max, .u64(.max), .u64, table, is64: is64)
        try check(Float(1.5), .f32(1.5), .f32, table, is64: is64)
        try check(true, .bool(true), .bool, table, is64: is64)
        try check("é" as Unicode.Scalar, .char("é"), .char, table, is64: is64)
        try check("né€😀", .string("né€😀"), .string, table, is64: is64)
        try check(["a", "", "é€"], .list([.string("a"), .string(""), .string("é€")]), strings, table, is64: is64)
        try check(UInt16?.none, .option(nil), option, table, is64: is64)
        try check(UInt16?.some(7), .option(.u16(7)), option, table, is64: is64)
        try check(ComponentResult<String, UInt64>.ok("x"), .ok(.string("x")), result, table, is64: is64)
        try check(ComponentResult<String, UInt64>.error(9), .error(.u64(9)), result, table, is64: is64)
        try check(ComponentResult<Empty, Float>.ok(Empty()), .ok(nil), bare, table, is64: is64)
        try check(ComponentResult<Empty, Float>.error(2), .error(.f32(2)), bare, table, is64: is64)
        let row = Tuple4(UInt8(1), UInt64(2), "three", UInt16?.some(4))
        let rowValue = Value.tuple([.u8(1), .u64(2), .string("three"), .option(.u16(4))])
        try check(row, rowValue, tuple, table, is64: is64)
        try check([[row, row], []], .list([.list([rowValue, rowValue]), .list([])]), nested, table, is64: is64)
        try check(
            ["k": Int16(-1)], .map([MapEntry(key: .string("k"), value: .s16(-1))]), map, table, is64: is64)
        let three = try #require(FixedLengthList<Three, UInt16>([1, 2, 3]))
        try check(three, .list(.u16([1, 2, 3])), fixed, table, is64: is64)
    }

    @Test("numbers that a guest passes with superfluous bits come out canonical")
    func numbersComeOutCanonical() throws {
        let guest = FakeGuest()
        var cx = CanonicalContext(guest)
        let slots = Slots([0xffff_ffff_7f80_0001, 0x7ff0_0000_0000_0001, 0xffff_ffff_ffff_ff80, 0x1_0000_0002])
        var reader = slots.reader
        #expect(try Float.lift(&cx, from: &reader).bitPattern == 0x7fc0_0000)
        #expect(try Double.lift(&cx, from: &reader).bitPattern == 0x7ff8_0000_0000_0000)
        #expect(try Int8.lift(&cx, from: &reader) == -128)
        #expect(try Bool.lift(&cx, from: &reader))
        guest.put([1, 0, 0x80, 0x7f, 0, 0, 0x80, 0x3f], at: 16)
        #expect(try Float.loadList(&cx, at: 16, count: 2).map(\.bitPattern) == [0x7fc0_0000, 0x3f80_0000])
        guest.put([0xff, 0xff], at: 16)
        #expect(cx.loadFlags(16, count: 3) == 7)
        #expect(cx.loadFlags(16, count: 9) == 511)
        var writer = slots.writer
        try Int16(-2).lower(&cx, into: &writer)
        #expect(slots[0] == 0xffff_fffe)
    }

    @Test("an error names the path to the value that is wrong")
    func errorsCarryThePath() throws {
        var table = TypeTable()
        let item = ValueType.defined(
            table.intern(.record([Field(name: "price", type: .u32), Field(name: "tag", type: .string)])))
        let items = ValueType.defined(table.intern(.list(item)))
        let order = ValueType.defined(table.intern(.record([Field(name: "items", type: items)])))
        let layout = try LayoutCache(table).function(
            FunctionType(parameters: [.init(name: "order", type: order)], result: nil))
        let guest = FakeGuest()
        var cx = CanonicalContext(guest)
        let slots = Slots()
        func message(_ price: Value) -> String {
            let good = Value.record([
                RecordField(name: "tag", value: .string("t")), RecordField(name: "price", value: .u32(1)),
            ])
            let bad = Value.record([
                RecordField(name: "price", value: price), RecordField(name: "tag", value: .string("t")),
            ])
            var writer = slots.writer
            do {
                try layout.lowerParameters(
                    [.record([RecordField(name: "items", value: .list([good, bad]))])], &cx, into: &writer)
                return "no error"
            } catch {
                return error.description
            }
        }
        #expect(message(.u32(1)) == "no error")
        #expect(message(.string("x")) == "order.items[1].price: expected u32, found string")
        var writer = slots.writer
        fails(.typeMismatch) { try layout.lowerParameters([], &cx, into: &writer) }
        #expect(
            TypeShape.record([FieldShape("items", .list(.record([FieldShape("price", .s32)])))])
                .difference(from: order, in: table) == "items[]: expected 1 fields, found 2")
        #expect(
            [Int32].shape.difference(from: .defined(table.intern(.list(.u32))), in: table)
                == "[]: expected s32, found u32")
    }

    @Test("more parameters than fit into registers go through memory")
    func manyParametersGoThroughMemory() throws {
        let row = Tuple3(
            Tuple8(1 as UInt8, 2 as UInt8, 3 as UInt8, 4 as UInt8, 5 as UInt8, 6 as UInt8, 7 as UInt8, 8 as UInt8),
            Tuple8("a", "b", "c", "d", "e", "f", "g", "h"), UInt32(9))
        let guest = FakeGuest()
        var cx = CanonicalContext(guest)
        let slots = Slots()
        var writer = slots.writer
        try TypedABI.lowerParameters(row, &cx, into: &writer)
        #expect(writer.position == slots.base + 16)
        #expect(guest.reallocs.first == ReallocCall(0, 4, 76))
        var reader = slots.reader
        #expect(try TypedABI.liftParameters(type(of: row), &cx, from: &reader) == row)
    }

    @Test("lists compare by content, whatever form holds them")
    func valuesCompareByContent() {
        #expect(Value.list([.u8(1), .u8(2)]) == .bytes([1, 2]))
        #expect(Value.list([.u8(1), .u8(2)]).hashValue == Value.bytes([1, 2]).hashValue)
        #expect(Value.f32(.nan) == .f32(-.nan))
        #expect(Value.f64(0) != .f64(-0.0))
        #expect(Value.string("e\u{301}") != .string("é"))
        #expect(Value.bytes([1])[0] == .u8(1) && Value.bytes([1])[1] == nil)
    }

    @Test("the core signature of a typed function follows from its Swift types")
    func coreTypes() throws {
        var table = TypeTable()
        let variant = ValueType.defined(
            table.intern(
                .variant([
                    Case(name: "a", type: .f32), Case(name: "b", type: .u32), Case(name: "c", type: .string),
                ])))
        let layout = try LayoutCache(table).function(
            FunctionType(parameters: [.init(name: "v", type: variant)], result: .string))
        #expect(layout.flatParameters(false) == [.i32, .i32, .i32])
        #expect(layout.flatParameters(true) == [.i32, .i64, .i64])
        #expect(!layout.parametersAreIndirect() && layout.resultIsIndirect())
    }
}
