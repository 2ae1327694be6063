// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import DovetailWIT
import Testing

@Suite struct WAVETests {
    private func roundTrip(_ text: String, _ type: ValueType, _ table: TypeTable = TypeTable()) throws -> String {
        try WAVE.print(try WAVE.parseValue(text, as: type, in: table), as: type, in: table)
    }

    @Test(
        "scalars are read and printed",
        arguments: [
            ("-0", ValueType.f64, "-0"), ("1e21", .f64, "1000000000000000000000"), ("1.5e-7", .f64, "0.00000015"),
            ("nan", .f32, "nan"), ("-inf", .f32, "-inf"), ("255", .u8, "255"), ("'\\u{1F600}'", .char, "'😀'"),
            ("\"a\\tb\\\"\"", .string, "\"a\\tb\\\"\""), ("\"\"\"\n  x\n   y\n  \"\"\"", .string, "\"x\\n y\""),
            ("true", .bool, "true"),
        ])
    func scalars(_ text: String, _ type: ValueType, _ expected: String) throws {
        #expect(try roundTrip(text, type) == expected)
    }

    @Test(
        "text that is not a value of the type is refused",
        arguments: [("256", ValueType.u8), ("-1", .u32), ("1.0", .s32), ("01", .u8), ("'ab'", .char), ("1 2", .u8)])
    func refuses(_ text: String, _ type: ValueType) {
        #expect(throws: WAVEError.self) { try roundTrip(text, type) }
    }

    @Test("lists of numbers are held as arrays")
    func numbersAreBulkLists() throws {
        var table = TypeTable()
        let list = ValueType.defined(table.intern(.list(.u8)))
        #expect(try WAVE.parseValue("[1, 2, 3,]", as: list, in: table) == .list(.u8([1, 2, 3])))
    }

    @Test("handles cannot be written in WAVE")
    func handlesHaveNoText() throws {
        var table = TypeTable()
        let resource = table.append(TypeDefinition(kind: .resource, name: "r"))
        let handle = ValueType.defined(table.intern(.own(resource)))
        let error = #expect(throws: WAVEError.self) { try WAVE.parseValue("1", as: handle, in: table) }
        #expect(error?.code == .unsupported)
        #expect(error?.message == "a value of type resource cannot be written in WAVE")
    }

    @Test("calls are read with the name of their function")
    func callsHaveNames() throws {
        let call = try WAVE.parseCall("ns:pkg/iface@1.0.0.f( 1, \"(\" )")
        #expect(call.name == "ns:pkg/iface@1.0.0.f")
        let values = try call.arguments(
            [.init(name: "a", type: .u8), .init(name: "b", type: .string)], in: TypeTable())
        #expect(values == [.u8(1), .string("(")])
        #expect(try WAVE.parseCall("run").arguments([], in: TypeTable()) == [])
        let error = #expect(throws: WAVEError.self) {
            try call.arguments([.init(name: "a", type: .bool), .init(name: "b", type: .string)], in: TypeTable())
        }
        #expect(error?.description == "expected `true` or `false`, found `1` (at character 23)")
    }
}
