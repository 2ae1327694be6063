// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import Testing

/// Typed conversions against the dynamic ones: what one lowers, the other lifts.
struct TypedTests {
    private enum Three: FixedCount { static var count: Int { 3 } }

    private func check<Typed: ComponentConvertible>(
        _ typed: Typed, _ value: Value, _ type: ValueType, _ table: TypeTable, is64: Bool,
        _ location: SourceLocation = #_sourceLocation
    ) throws where Typed.Codec: HashableCodec {
        try check(Typed.Codec.self, typed, value, type, table, is64: is64, location)
    }

    private func check<Codec: HashableCodec>(
        _ codec: Codec.Type, _ typed: Codec.Value, _ value: Value, _ type: ValueType, _ table: TypeTable, is64: Bool,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(Codec.shape.difference(from: type, in: table) == nil, sourceLocation: location)
        let layout = try LayoutCache(table).layout(of: type)
        #expect(Codec.abi.size(is64) == layout.size(is64), sourceLocation: location)
        #expect(Codec.abi.alignment(is64) == layout.alignment(is64), sourceLocation: location)
        #expect(min(17, Codec.abi.flatCount) == layout.flatCount, sourceLocation: location)
        for encoding in [StringEncoding.utf8, .utf16, .latin1OrUTF16] {
            let guest = FakeGuest(is64: is64, encoding: encoding)
            var cx = CanonicalContext(guest)
            let slots = Slots()
            var writer = slots.writer
            try Codec.lower(typed, &cx, into: &writer)
            #expect(writer.position == slots.base + Codec.abi.flatCount * 16, sourceLocation: location)
            var reader = slots.reader
            #expect(try DynamicABI.lift(layout, &cx, from: &reader) == value, sourceLocation: location)
            writer = slots.writer
            try DynamicABI.lower(value, as: layout, &cx, into: &writer)
            reader = slots.reader
            #expect(Codec.areEqual(try Codec.lift(&cx, from: &reader), typed), sourceLocation: location)
            #expect(reader.position == slots.base + Codec.abi.flatCount * 16, sourceLocation: location)
            let place = Int(try cx.allocate(alignment: 8, size: 256))
            try Codec.store(typed, &cx, at: place)
            #expect(try DynamicABI.load(layout, &cx, at: place) == value, sourceLocation: location)
            try DynamicABI.store(value, as: layout, &cx, at: place + 128)
            #expect(Codec.areEqual(try Codec.load(&cx, at: place + 128), typed), sourceLocation: location)
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
        try check(Result<String, ResultError<UInt64>>.success("x"), .ok(.string("x")), result, table, is64: is64)
        try check(
            Result<String, ResultError<UInt64>>.failure(ResultError(9)), .error(.u64(9)), result, table, is64: is64)
        try check(Result<Empty, ResultError<Float>>.success(Empty()), .ok(nil), bare, table, is64: is64)
        try check(Result<Empty, ResultError<Float>>.failure(ResultError(2)), .error(.f32(2)), bare, table, is64: is64)
        typealias Row = Tuple4Codec<UInt8.Codec, UInt64.Codec, String.Codec, UInt16?.Codec>
        let row: Row.Value = (1, 2, "three", 4)
        let rowValue = Value.tuple([.u8(1), .u64(2), .string("three"), .option(.u16(4))])
        try check(Row.self, row, rowValue, tuple, table, is64: is64)
        try check(
            ListCodec<ListCodec<Row>>.self, [[row, row], []], .list([.list([rowValue, rowValue]), .list([])]), nested,
            table, is64: is64)
        try check(
            ["k": Int16(-1)], .map([MapEntry(key: .string("k"), value: .s16(-1))]), map, table, is64: is64)
        let three = try #require(FixedLengthList<Three, UInt16>([1, 2, 3]))
        try check(three, .list(.u16([1, 2, 3])), fixed, table, is64: is64)
    }

    private struct Access: ComponentFlags, ComponentConvertible, Sendable {
        let rawValue: UInt8
        typealias Codec = FlagsCodec<Access>
        static var flagLabels: [String] { ["read", "write", "run"] }
        static var flagCount: Int { 3 }
    }

    @Test("flags print their names")
    func flagsPrintTheirNames() {
        #expect("\(Access(rawValue: 5))" == "[read, run]")
        #expect(String(reflecting: Access(rawValue: 2)) == "[write]")
        #expect("\(Access(rawValue: 0))" == "[]")
        #expect("\(Access(rawValue: 0x21))" == "[read, 0x20]")
    }

    @Test("tuples are compared and hashed part by part")
    func tuplesAreCompared() {
        typealias Pairs = OptionCodec<ListCodec<Tuple2Codec<String.Codec, UInt32.Codec>>>
        func hash(_ value: Pairs.Value) -> Int {
            var hasher = Hasher()
            Pairs.hash(value, into: &hasher)
            return hasher.finalize()
        }
        let pairs: Pairs.Value = [("a", 1), ("b", 2)]
        #expect(Pairs.areEqual(pairs, [("a", 1), ("b", 2)]))
        #expect(hash(pairs) == hash([("a", 1), ("b", 2)]))
        #expect(!Pairs.areEqual(pairs, [("a", 1), ("b", 3)]))
        #expect(!Pairs.areEqual(pairs, [("a", 1)]))
        #expect(!Pairs.areEqual(pairs, nil))
        typealias Table = MapCodec<String.Codec, Tuple2Codec<UInt8.Codec, UInt8.Codec>>
        #expect(Table.areEqual(["x": (1, 2), "y": (3, 4)], ["y": (3, 4), "x": (1, 2)]))
        #expect(!Table.areEqual(["x": (1, 2)], ["x": (2, 1)]))
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
        #expect(try FloatCodec.loadList(&cx, at: 16, count: 2).map(\.bitPattern) == [0x7fc0_0000, 0x3f80_0000])
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
            [Int32].Codec.shape.difference(from: .defined(table.intern(.list(.u32))), in: table)
                == "[]: expected s32, found u32")
    }

    @Test("more parameters than fit into registers go through memory")
    func manyParametersGoThroughMemory() throws {
        typealias Byte = UInt8.Codec
        typealias Text = String.Codec
        typealias Bytes = Tuple8Codec<Byte, Byte, Byte, Byte, Byte, Byte, Byte, Byte>
        typealias Texts = TupleCodec<Text, Text, Text, Text, Text, Text, Text, Text, Text>
        typealias Row = Tuple3Codec<Bytes, Texts, UInt32.Codec>
        let row: Row.Value = ((1, 2, 3, 4, 5, 6, 7, 8), ("a", "b", "c", "d", "e", "f", "g", "h", "i"), 9)
        let guest = FakeGuest()
        var cx = CanonicalContext(guest)
        let slots = Slots()
        var writer = slots.writer
        try TypedABI.lowerParameters(Row.self, row, &cx, into: &writer)
        #expect(writer.position == slots.base + 16)
        #expect(guest.reallocs.first == ReallocCall(0, 4, 84))
        var reader = slots.reader
        #expect(Row.areEqual(try TypedABI.liftParameters(Row.self, &cx, from: &reader), row))
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
