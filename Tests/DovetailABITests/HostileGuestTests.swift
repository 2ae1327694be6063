// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import Testing

/// Every class of error that a guest can cause, by typed lifting, dynamic lifting and transfer alike.
struct HostileGuestTests {
    /// Lifts one parameter of `type` from slots in all ways and expects the same error each time.
    private func expect<Lifted: ComponentConvertible>(
        _ code: ABIError.Code, _ type: ValueType, as lifted: Lifted.Type, _ slots: [UInt64],
        encoding: StringEncoding = .utf8, is64: Bool = false, table: TypeTable = TypeTable(), bytes: [UInt8] = [],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let guest = FakeGuest(is64: is64, encoding: encoding)
        guest.put(bytes, at: 16)
        var cx = CanonicalContext(guest)
        let values = Slots(slots)
        let layout = try LayoutCache(table).function(
            FunctionType(parameters: [.init(name: "p", type: type)], result: nil))
        fails(code, location) {
            var reader = values.reader
            _ = try Lifted.lift(&cx, from: &reader)
        }
        fails(code, location) {
            var reader = values.reader
            _ = try layout.liftParameters(&cx, from: &reader)
        }
        fails(code, location) {
            var reader = values.reader
            let target = Slots()
            var writer = target.writer
            var destination = CanonicalContext(FakeGuest(encoding: .utf16))
            try layout.transferParameters(&cx, from: &reader, to: layout, &destination, into: &writer)
        }
    }

    @Test("strings that are out of bounds, unaligned, too long or wrongly encoded are refused")
    func strings() throws {
        try expect(.stringOutOfBounds, .string, as: String.self, [1020, 5])
        try expect(.stringOutOfBounds, .string, as: String.self, [1025, 0])
        try expect(.stringOutOfBounds, .string, as: String.self, [0xffff_ffff, 2])
        try expect(.stringOutOfBounds, .string, as: String.self, [UInt64.max, 2], is64: true)
        try expect(.stringTooLong, .string, as: String.self, [0, 1 << 28])
        try expect(.stringTooLong, .string, as: String.self, [0, 1 << 27], encoding: .utf16)
        try expect(.stringTooLong, .string, as: String.self, [0, UInt64.max], encoding: .utf16, is64: true)
        try expect(.unalignedPointer, .string, as: String.self, [1, 0], encoding: .utf16)
        try expect(.unalignedPointer, .string, as: String.self, [1, 0], encoding: .latin1OrUTF16)
        for bytes: [UInt8] in [
            [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xf0, 0x8f, 0xbf, 0xbf],
            [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff], [0xe2, 0x82], [0x41, 0xc3],
        ] {
            try expect(.invalidUTF8, .string, as: String.self, [16, UInt64(bytes.count)], bytes: bytes)
        }
        for units: [UInt8] in [[0, 0xd8], [0, 0xdc], [0, 0xd8, 0x41, 0], [0, 0xdc, 0, 0xd8]] {
            let count = UInt64(units.count / 2)
            try expect(.unpairedSurrogate, .string, as: String.self, [16, count], encoding: .utf16, bytes: units)
            try expect(
                .unpairedSurrogate, .string, as: String.self, [16, count | 1 << 31], encoding: .latin1OrUTF16,
                bytes: units)
        }
    }

    @Test("lists and scalars that are out of bounds, unaligned or invalid are refused")
    func listsAndScalars() throws {
        var table = TypeTable()
        let bytes = ValueType.defined(table.intern(.list(.u8)))
        let words = ValueType.defined(table.intern(.list(.u64)))
        let chars = ValueType.defined(table.intern(.list(.char)))
        let option = ValueType.defined(table.intern(.option(.u32)))
        let options = ValueType.defined(table.intern(.list(option)))
        try expect(.listOutOfBounds, bytes, as: [UInt8].self, [1000, 25], table: table)
        try expect(.listOutOfBounds, words, as: [UInt64].self, [1024, 1], table: table)
        try expect(.listTooLong, words, as: [UInt64].self, [0, 1 << 25], table: table)
        try expect(.listTooLong, words, as: [UInt64].self, [0, UInt64.max], is64: true, table: table)
        try expect(.unalignedPointer, words, as: [UInt64].self, [4, 0], table: table)
        try expect(.invalidChar, .char, as: Unicode.Scalar.self, [0xd800])
        try expect(.invalidChar, .char, as: Unicode.Scalar.self, [0x11_0000])
        try expect(.invalidChar, chars, as: [Unicode.Scalar].self, [16, 1], table: table, bytes: [0, 0xdf, 0, 0])
        try expect(.invalidDiscriminant, option, as: UInt32?.self, [2, 0], table: table)
        try expect(.invalidDiscriminant, options, as: [UInt32?].self, [16, 1], table: table, bytes: [2])
        try expect(.copyLimit, bytes, as: [UInt8].self, [0, 16], table: table, budget: 8)
    }

    private func expect<Lifted: ComponentConvertible>(
        _ code: ABIError.Code, _ type: ValueType, as lifted: Lifted.Type, _ slots: [UInt64], table: TypeTable,
        budget: Int
    ) throws {
        let guest = FakeGuest()
        let values = Slots(slots)
        let layout = try LayoutCache(table).layout(of: type)
        var cx = CanonicalContext(guest, copyBudget: budget)
        fails(code) {
            var reader = values.reader
            _ = try Lifted.lift(&cx, from: &reader)
        }
        fails(code) {
            var reader = values.reader
            _ = try DynamicABI.lift(layout, &cx, from: &reader)
        }
    }

    @Test("a block that realloc returns is refused when it is unaligned or out of bounds")
    func badBlocksFromRealloc() throws {
        let guest = FakeGuest()
        var cx = CanonicalContext(guest)
        let slots = Slots()
        var writer = slots.writer
        guest.nextPointer = 1 << 20
        fails(.outOfBounds) { try [UInt8]().lower(&cx, into: &writer) }
        fails(.outOfBounds) { try "text".lower(&cx, into: &writer) }
        guest.nextPointer = 1022
        fails(.outOfBounds) { try [1, 2, 3].map(UInt8.init).lower(&cx, into: &writer) }
        guest.nextPointer = 3
        fails(.unalignedPointer) { try [1].map(UInt32.init).lower(&cx, into: &writer) }
        let plain = CanonicalEnvironment(handles: HandleTable())
        var none = CanonicalContext(plain)
        fails(.reallocFailed) { try "text".lower(&none, into: &writer) }
    }

    @Test("a pointer to parameters or results is checked like any other")
    func indirectParameters() throws {
        let parameters = (0..<17).map { FunctionType.Parameter(name: "p\($0)", type: .u32) }
        let layout = try LayoutCache(TypeTable()).function(FunctionType(parameters: parameters, result: nil))
        let guest = FakeGuest()
        var cx = CanonicalContext(guest)
        for (pointer, code) in [(960 as UInt64, ABIError.Code.pointerOutOfBounds), (2, .unalignedPointer)] {
            let slots = Slots([pointer])
            fails(code) {
                var reader = slots.reader
                _ = try layout.liftParameters(&cx, from: &reader)
            }
        }
    }

    @Test("the layout of a hostile type takes little memory")
    func hostileTypesStaySmall() throws {
        var table = TypeTable()
        var type = ValueType.u8
        for _ in 0..<60 { type = .defined(table.intern(.tuple([type, type, type, type]))) }
        let wide = try LayoutCache(table).layout(of: type)
        #expect(wide.size(false) == 1 << 40 && wide.flatCount == 17)
        type = .u8
        for _ in 0..<20 { type = .defined(table.intern(.fixedLengthList(type, count: .max))) }
        let list = ValueType.defined(table.intern(.list(type)))
        let cache = LayoutCache(table)
        #expect(try cache.layout(of: type).size(false) == 1 << 40)
        let guest = FakeGuest()
        var cx = CanonicalContext(guest)
        var reader = Slots([0, 1]).reader
        let slots = Slots([0, 1])
        reader = slots.reader
        let layout = try cache.layout(of: list)
        fails(.listTooLong) { _ = try DynamicABI.lift(layout, &cx, from: &reader) }
        type = .u8
        for _ in 0..<5000 { type = .defined(table.intern(.option(type))) }
        let error = #expect(throws: LayoutError.self) { _ = try LayoutCache(table).layout(of: type) }
        #expect(error?.message == "types are nested more than 100 levels deep")
    }

    @Test("layouts count what a value takes on the host")
    func hostCost() throws {
        #expect(LayoutCache.valueCost == MemoryLayout<Value>.stride)
    }
}
