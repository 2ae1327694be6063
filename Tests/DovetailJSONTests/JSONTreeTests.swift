// SPDX-License-Identifier: Apache-2.0

import DovetailJSON
import Testing

@Suite("JSON")
struct JSONTreeTests {
    private let tree = JSONTree.object([
        ("name", .string("a \"b\" \\ / \u{1} \u{0} é 🙂")), ("none", nil), ("null", .null),
        (
            "items",
            .array([
                .number(-3), .number(.max), .bool(true), .bool(false), .real(0.5), .array([]),
                .object([] as [JSONTree.Member]),
            ])
        ),
        ("", .strings(["", "x"])), ("nul\u{0}in\u{0}names", .null),
    ])

    @Test("What is written is read back, members sorted", arguments: [JSONTree.Layout.compact, .lines])
    func roundTrip(_ layout: JSONTree.Layout) throws {
        // The library reads no NUL in a name, but writes it.
        guard case .object(let members) = tree else { return }
        let readable = members.filter { !$0.key.contains("\u{0}") }
        let read = try JSONTree(reading: JSONTree.object(readable).text(layout))
        #expect(read == .object(readable.sorted { $0.key < $1.key }))
    }

    @Test("Text has one form in each layout")
    func layouts() {
        let small = JSONTree.object([("b", .strings(["x/y"])), ("a", .number(1)), ("c", .array([]))])
        #expect(small.text() == #"{"a":1,"b":["x/y"],"c":[]}"#)
        #expect(small.text(.lines) == "{\n  \"a\": 1,\n  \"b\": [\n    \"x/y\"\n  ],\n  \"c\": []\n}")
        #expect(JSONTree.string("\u{0}\n").text() == #""\u0000\n""#)
        #expect(JSONTree.object([("a\u{0}b", .null)]).text() == #"{"a\u0000b":null}"#)
        #expect(JSONTree.real(.nan).text() == "null")
    }

    @Test(
        "What is no JSON is refused with its place",
        arguments: [
            ("", "line 1"), ("{", "line 1"), ("[1,]", "line 1"), ("{\"a\":1\n,}", "line 2"), ("nul", "nul"),
            ("'a'", "line 1"),
            ("\"\u{1}\"", "line 1"), ("01", "line 1"), ("[1] 2", "line 1"), ("99999999999999999999", "line 1"),
            (String(repeating: "[", count: 100_000), "depth"),
        ])
    func refused(_ text: String, _ place: String) {
        let error = #expect(throws: JSONError.self) { try JSONTree(reading: text) }
        #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
    }

    @Test("Bytes that are not UTF-8 are refused")
    func invalidText() {
        #expect(throws: JSONError.self) {
            try [0x22, 0xC3, 0x28, 0x22].withUnsafeBytes { try JSONTree(reading: $0) }
        }
    }

    @Test("A member of the wrong kind is named with its path")
    func paths() throws {
        let place = JSONPlace(try JSONTree(reading: #"{"a":{"b":[1],"n":null},"a2":"x"}"#))
        #expect(try place.member("a2")?.text() == "x")
        #expect(try place.member("zzz") == nil)
        #expect(try place.member("a")?.member("n") == nil)
        let text = #expect(throws: JSONError.self) { try place.member("a")?.member("b")?.text() }
        #expect(text?.description == "expected a string at `a.b`, found an array")
        let object = #expect(throws: JSONError.self) { try place.member("a")?.member("b")?.members() }
        #expect(object?.description == "expected an object at `a.b`, found an array")
    }
}
