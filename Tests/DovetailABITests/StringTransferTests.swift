// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import Testing

/// The calls of `realloc` for every pair of encodings. (CanonicalABI.md, `store_string_into_range`)
struct StringTransferTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var from: StringEncoding
        var to: StringEncoding
        var text: String
        var calls: [ReallocCall]
        /// The UTF-16 form though the text would fit Latin-1 (only guests make that).
        var tagged = false

        var testDescription: String { "\(from) to \(to): \(text)" }
    }

    static let cases: [Case] = [
        Case(from: .utf8, to: .utf8, text: "", calls: [.init(0, 1, 0)]),
        Case(from: .utf8, to: .utf8, text: "aé€😀", calls: [.init(0, 1, 10)]),
        Case(from: .utf16, to: .utf16, text: "aé€😀", calls: [.init(0, 2, 10)]),
        Case(from: .utf16, to: .utf8, text: "plain ascii text", calls: [.init(0, 1, 16)]),
        Case(
            from: .utf16, to: .utf8, text: "0123456789é!",
            calls: [.init(0, 1, 12), .init(12, 1, 36), .init(36, 1, 13)]),
        Case(from: .utf16, to: .utf8, text: "€€", calls: [.init(0, 1, 2), .init(2, 1, 6)]),
        Case(
            from: .latin1OrUTF16, to: .utf8, text: "aé", calls: [.init(0, 1, 2), .init(2, 1, 4), .init(4, 1, 3)]),
        Case(from: .latin1OrUTF16, to: .utf8, text: "éé", calls: [.init(0, 1, 2), .init(2, 1, 4)]),
        Case(
            from: .latin1OrUTF16, to: .utf8, text: "a€", calls: [.init(0, 1, 2), .init(2, 1, 6), .init(6, 1, 4)]),
        Case(from: .utf8, to: .utf16, text: "abc", calls: [.init(0, 2, 6)]),
        Case(from: .utf8, to: .utf16, text: "aé", calls: [.init(0, 2, 6), .init(6, 2, 4)]),
        Case(from: .latin1OrUTF16, to: .utf16, text: "aé", calls: [.init(0, 2, 4)]),
        Case(from: .latin1OrUTF16, to: .utf16, text: "a€", calls: [.init(0, 2, 4)]),
        Case(from: .utf8, to: .latin1OrUTF16, text: "abc", calls: [.init(0, 2, 3)]),
        Case(from: .utf8, to: .latin1OrUTF16, text: "aé", calls: [.init(0, 2, 3), .init(3, 2, 2)]),
        Case(
            from: .utf8, to: .latin1OrUTF16, text: "aé€x",
            calls: [.init(0, 2, 7), .init(7, 2, 14), .init(14, 2, 8)]),
        Case(from: .utf16, to: .latin1OrUTF16, text: "aé", calls: [.init(0, 2, 2)]),
        Case(from: .utf16, to: .latin1OrUTF16, text: "aé😀", calls: [.init(0, 2, 4), .init(4, 2, 8)]),
        Case(from: .latin1OrUTF16, to: .latin1OrUTF16, text: "aé", calls: [.init(0, 2, 2)]),
        Case(from: .latin1OrUTF16, to: .latin1OrUTF16, text: "aé€", calls: [.init(0, 2, 6)]),
        Case(
            from: .latin1OrUTF16, to: .latin1OrUTF16, text: "aé", calls: [.init(0, 2, 4), .init(4, 1, 2)],
            tagged: true),
    ]

    @Test("strings between guests call realloc as the specification says", arguments: cases, [false, true])
    func reallocCalls(_ one: Case, is64: Bool) throws {
        let guest = FakeGuest(is64: is64, encoding: one.from)
        let other = FakeGuest(is64: !is64, encoding: one.to)
        var source = CanonicalContext(guest)
        var destination = CanonicalContext(other)
        let slots = Slots()
        var writer = slots.writer
        if one.tagged {
            let units = Array(one.text.utf16)
            guest.put(units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }, at: 8)
            writer.write(8 as UInt64)
            writer.write(UInt64(units.count) | (is64 ? 1 << 63 : 1 << 31))
        } else {
            try one.text.lower(&source, into: &writer)
        }
        let layout = try LayoutCache(TypeTable()).function(
            FunctionType(parameters: [.init(name: "s", type: .string)], result: nil))
        var reader = slots.reader
        let moved = Slots()
        writer = moved.writer
        try layout.transferParameters(&source, from: &reader, to: layout, &destination, into: &writer)
        #expect(other.reallocs == one.calls)
        reader = moved.reader
        #expect(try String.lift(&destination, from: &reader) == one.text)
    }

    @Test(
        "a string of the host takes one block of the guest's memory",
        arguments: [StringEncoding.utf8, .utf16, .latin1OrUTF16])
    func hostStringsTakeOneBlock(encoding: StringEncoding) throws {
        for text in ["", "ascii", "aé", "aé€", "😀 long text with more than eight letters, and é"] {
            let guest = FakeGuest(encoding: encoding)
            var cx = CanonicalContext(guest)
            let slots = Slots()
            var writer = slots.writer
            try text.lower(&cx, into: &writer)
            #expect(guest.reallocs.count == 1)
            var reader = slots.reader
            #expect(try String.lift(&cx, from: &reader) == text)
        }
    }
}
