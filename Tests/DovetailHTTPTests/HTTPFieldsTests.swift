// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import Testing

@Suite struct HTTPFieldsTests {
    @Test func `names compare without case and keep their spelling`() throws {
        var fields = try HTTPFields([("Content-Type", "text/plain"), ("X-A", "1"), ("x-a", "2")])
        #expect(fields["content-type"] == "text/plain")
        #expect(fields.values(of: "X-a").map { String(decoding: $0, as: UTF8.self) } == ["1", "2"])
        #expect(fields.map(\.name) == ["Content-Type", "X-A", "x-a"])
        #expect(fields["x-b"] == nil)
        try fields.set("x-A", "3")
        #expect(fields.map(\.text) == ["text/plain", "3"])
        fields.remove("CONTENT-TYPE")
        #expect(fields.description == "x-A: 3")
        #expect(try HTTPFields([("A", "1")]) == HTTPFields([("a", "1")]))
        #expect(try HTTPFields([("A", "1")]).hashValue == HTTPFields([("a", "1")]).hashValue)
        #expect(try HTTPFields([("A", "b")]) != HTTPFields([("A", "B")]))
        #expect(try HTTPFields([("a", "1"), ("b", "2")]) != HTTPFields([("b", "2"), ("a", "1")]))
    }

    @Test(arguments: ["", "a b", "a:", "ä", "a\r\n", "a\u{0}", "(", "a\"", "a,b"])
    func `a name that is no token is refused`(name: String) {
        var fields = HTTPFields()
        #expect(throws: HTTPError.invalidField(name: name)) { try fields.add(name, "value") }
        #expect(throws: HTTPError.invalidField(name: name)) { try fields.set(name, [[UInt8]]()) }
        #expect(fields.isEmpty)
    }

    @Test func `every byte but control characters may be in a value`() throws {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<20 {
                var value = [UInt8](repeating: 0x61, count: 20)
                value[place] = byte
                var fields = HTTPFields()
                if byte == 0x09 || (byte >= 0x20 && byte != 0x7F) {
                    try fields.add("a", value)
                } else {
                    #expect(throws: HTTPError.invalidField(name: "a")) { try fields.add("a", value) }
                }
            }
        }
    }

    @Test func `whitespace at the ends of a value is left out`() throws {
        #expect(try HTTPFields([("a", " \t b c \t"), ("d", " ")]).map(\.text) == ["b c", ""])
    }

    @Test func `setting several values keeps the others, and changes nothing when one is invalid`() throws {
        var fields = try HTTPFields([("a", "1"), ("b", "2")])
        #expect(throws: HTTPError.invalidField(name: "A")) { try fields.set("A", [[0x33], [0x0A]]) }
        #expect(fields.map(\.text) == ["1", "2"])
        try fields.set("A", [[0x33], [0x34]])
        #expect(fields.map(\.name) == ["b", "A", "A"])
        try fields.set("a", [[UInt8]]())
        #expect(fields.map(\.name) == ["b"])
    }
}
