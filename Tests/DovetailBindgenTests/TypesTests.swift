// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

typealias Values = Types.Values

/// Gives every value back, and finds one order.
struct Echo: Types.Imports {
    struct Offline: Error {}

    static let order = Values.Order(
        id: 7,
        items: [
            Values.Item(name: "ink", price: 2.5, tags: ["blue", ""], note: nil),
            Values.Item(name: "päper", price: -0.0, tags: [], note: "A4"),
        ], paid: true)

    func echoNumbers(v: Values.Numbers) -> Values.Numbers { v }
    func echoOrder(v: Values.Order) -> Values.Order { v }
    func echoOrders(v: [Values.Order]) -> [Values.Order] { v }
    func echoColor(v: Values.Color) -> Values.Color { v }
    func echoPermissions(v: Values.Permissions) -> Values.Permissions { v }
    func echoMany(v: Values.Many) -> Values.Many { v }
    func echoShape(v: Values.Shape) -> Values.Shape { v }
    func echoShapes(v: [Values.Shape]) -> [Values.Shape] { v }
    func echoText(v: Values.Name) -> Values.Name { v }
    func echoLetter(v: Unicode.Scalar) -> Unicode.Scalar { v }
    func echoMaybe(v: UInt32??) -> UInt32?? { v }
    func echoOutcome(v: Result<UInt32, ResultError<String>>) throws -> UInt32 { try v.get() }
    func echoOutcomes(v: [Result<UInt32, ResultError<String>>]) -> [Result<UInt32, ResultError<String>>] { v }
    func echoSwap(v: Values.Pair) -> (UInt64, UInt8) { (v.1, v.0) }
    func echoBytes(v: [UInt8]) -> [UInt8] { v }
    func echoWords(v: [UInt32]) -> [UInt32] { v }
    func echoReals(v: [Double]) -> [Double] { v }
    func echoFlag(v: Bool) -> Bool { v }

    func find(key: String) throws -> Values.Order {
        switch key {
        case "order": return Self.order
        case "offline": throw Offline()
        default: throw Values.Failure.notFound(key)
        }
    }

    func check(key: String) throws(Values.Failure) { if key.isEmpty { throw .denied } }
    func status(code: UInt32) throws { if code != 0 { throw Empty() } }

    func manyParameters(
        a: UInt8, b: UInt16, c: UInt32, d: UInt64, e: Int8, f: Int16, g: Int32, h: Int64, i: Float, j: String
    ) -> String { "\(a) \(b) \(c) \(d) \(e) \(f) \(g) \(h) \(i) \(j)" }

    func seventeen(
        a: UInt8, b: UInt8, c: UInt8, d: UInt8, e: UInt8, f: UInt8, g: UInt8, h: UInt8, i: UInt8,
        j: UInt8, k: UInt8, l: UInt8, m: UInt8, n: UInt8, o: UInt8, p: UInt8, q: UInt8
    ) -> UInt32 { [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q].reduce(0) { $0 * 2 + UInt32($1) } }
}

@Suite("Values of every type, through a component to the host and back")
struct TypesTests {
    private func values(_ guest: GuestLanguage) throws -> Types.ExportedValues {
        let (engine, component) = try guest.component("types")
        return try Types(
            component, in: guest.store(engine), imports: Echo(), linker: guest.linker(engine)
        ).exportedValues
    }

    @Test("records", arguments: GuestLanguage.availableWithPython)
    func records(_ guest: GuestLanguage) throws {
        let values = try values(guest)
        let numbers = Values.Numbers(
            a: .min, b: .max, c: .min, d: .max, e: .min, f: .max, g: .min, h: .max, i: 0.5, j: .infinity)
        #expect(try values.echoNumbers(v: numbers) == numbers)
        #expect(try values.echoOrder(v: Echo.order) == Echo.order)
        let orders = (0..<100).map { Values.Order(id: $0, items: Echo.order.items, paid: $0.isMultiple(of: 2)) }
        #expect(try values.echoOrders(v: orders) == orders)
        #expect(try values.echoOrders(v: []) == [])
    }

    @Test("enums and flags", arguments: GuestLanguage.availableWithPython)
    func labels(_ guest: GuestLanguage) throws {
        let values = try values(guest)
        for color in Values.Color.allCases { #expect(try values.echoColor(v: color) == color) }
        #expect(Values.Color.allCases.map(\.rawValue) == [0, 1, 2])
        #expect("\(Values.Permissions([.read, .execute]))" == "[read, execute]")
        for bits in 0..<UInt8(8) {
            let flags = Values.Permissions(rawValue: bits)
            #expect(try values.echoPermissions(v: flags) == flags)
        }
        #expect(try values.echoPermissions(v: [.read, .execute]).contains(.execute))
        let many: Values.Many = [.f0, .f8, .f17]
        #expect(try values.echoMany(v: many) == many)
        #expect(try values.echoMany(v: Values.Many(rawValue: .max)).rawValue == (1 << 18) - 1)
    }

    @Test("variants", arguments: GuestLanguage.availableWithPython)
    func variants(_ guest: GuestLanguage) throws {
        let values = try values(guest)
        let shapes: [Values.Shape] = [
            .nothing, .circle(1.25), .polygon([(0, 1), (-1, .pi)]), .colored((.darkGreen, "grün")),
        ]
        for shape in shapes { #expect(try values.echoShape(v: shape) == shape) }
        #expect(try values.echoShapes(v: shapes) == shapes)
    }

    @Test("texts, options, tuples and lists of numbers", arguments: GuestLanguage.availableWithPython)
    func rest(_ guest: GuestLanguage) throws {
        let values = try values(guest)
        for text in ["", "a", "größer als 😀", String(repeating: "x", count: 100_000)] {
            #expect(try values.echoText(v: text) == text)
        }
        #expect(try values.echoLetter(v: "😀") == "😀")
        for maybe in [UInt32??.none, .some(.none), .some(.some(3))] { #expect(try values.echoMaybe(v: maybe) == maybe) }
        #expect(try values.echoSwap(v: (1, .max)) == (.max, 1))
        let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try values.echoBytes(v: bytes) == bytes)
        #expect(try values.echoWords(v: [0, .max]) == [0, .max])
        #expect(try values.echoReals(v: [0.1, -.infinity]) == [0.1, -.infinity])
        #expect(try values.echoFlag(v: true))
    }

    @Test(
        "results throw at the level of functions and are values elsewhere", arguments: GuestLanguage.availableWithPython
    )
    func results(_ guest: GuestLanguage) throws {
        let values = try values(guest)
        #expect(try values.echoOutcome(v: .success(3)) == 3)
        #expect(throws: ResultError("wrong")) { try values.echoOutcome(v: .failure(ResultError("wrong"))) }
        let outcomes: [Result<UInt32, ResultError<String>>] = [.success(1), .failure(ResultError("no"))]
        #expect(try values.echoOutcomes(v: outcomes) == outcomes)
        #expect(try values.find(key: "order") == Echo.order)
        #expect(throws: Values.Failure.notFound("nix")) { try values.find(key: "nix") }
        #expect(throws: Values.Failure.denied) { try values.check(key: "") }
        try values.check(key: "a")
        try values.status(code: 0)
        #expect(throws: Empty()) { try values.status(code: 1) }
    }

    @Test(
        "an error that is not in the WIT ends the call and comes out as it is",
        arguments: GuestLanguage.availableWithPython)
    func otherError(_ guest: GuestLanguage) throws {
        let values = try values(guest)
        #expect(throws: Echo.Offline.self) { try values.find(key: "offline") }
        #expect(throws: Trap.self) { try values.echoFlag(v: true) }
    }

    @Test("many parameters", arguments: GuestLanguage.availableWithPython)
    func parameters(_ guest: GuestLanguage) throws {
        let values = try values(guest)
        #expect(
            try values.manyParameters(a: 1, b: 2, c: 3, d: 4, e: -1, f: -2, g: -3, h: -4, i: 0.5, j: "ü")
                == "1 2 3 4 -1 -2 -3 -4 0.5 ü")
        #expect(
            try values.seventeen(
                a: 1, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0, m: 0, n: 0, o: 0, p: 0, q: 1)
                == 65_537)
    }
}
