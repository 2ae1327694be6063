// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

typealias Values = Types.Values

/// Gives every value back, and finds one order.
private struct Echo: Types.Imports {
    struct Offline: Error {}

    static let order = Values.Order(
        id: 7,
        items: [
            Values.Item(name: "ink", price: 2.5, tags: ["blue", ""], note: nil),
            Values.Item(name: "päper", price: -0.0, tags: [], note: "A4"),
        ], paid: true)

    func echoNumbers(_ v: Values.Numbers) -> Values.Numbers { v }
    func echoOrder(_ v: Values.Order) -> Values.Order { v }
    func echoOrders(_ v: [Values.Order]) -> [Values.Order] { v }
    func echoColor(_ v: Values.Color) -> Values.Color { v }
    func echoPermissions(_ v: Values.Permissions) -> Values.Permissions { v }
    func echoMany(_ v: Values.Many) -> Values.Many { v }
    func echoShape(_ v: Values.Shape) -> Values.Shape { v }
    func echoShapes(_ v: [Values.Shape]) -> [Values.Shape] { v }
    func echoText(_ v: Values.Name) -> Values.Name { v }
    func echoLetter(_ v: Unicode.Scalar) -> Unicode.Scalar { v }
    func echoMaybe(_ v: UInt32??) -> UInt32?? { v }
    func echoOutcome(_ v: Result<UInt32, ResultError<String>>) throws -> UInt32 { try v.get() }
    func echoOutcomes(_ v: [Result<UInt32, ResultError<String>>]) -> [Result<UInt32, ResultError<String>>] { v }
    func echoSwap(_ v: Values.Pair) -> (UInt64, UInt8) { (v.v1, v.v0) }
    func echoBytes(_ v: [UInt8]) -> [UInt8] { v }
    func echoWords(_ v: [UInt32]) -> [UInt32] { v }
    func echoReals(_ v: [Double]) -> [Double] { v }
    func echoFlag(_ v: Bool) -> Bool { v }

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
        _ a: UInt8, _ b: UInt16, _ c: UInt32, _ d: UInt64, _ e: Int8, _ f: Int16, _ g: Int32, _ h: Int64, _ i: Float,
        _ j: String
    ) -> String { "\(a) \(b) \(c) \(d) \(e) \(f) \(g) \(h) \(i) \(j)" }

    func seventeen(
        _ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ e: UInt8, _ f: UInt8, _ g: UInt8, _ h: UInt8, _ i: UInt8,
        _ j: UInt8, _ k: UInt8, _ l: UInt8, _ m: UInt8, _ n: UInt8, _ o: UInt8, _ p: UInt8, _ q: UInt8
    ) -> UInt32 { [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q].reduce(0) { $0 * 2 + UInt32($1) } }
}

@Suite("Values of every type, through a component to the host and back")
struct TypesTests {
    let values: Types.ExportedValues

    init() throws {
        let engine = try Engine()
        let component = try Component(
            engine: engine, path: "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/types/types.wasm")
        values = try Types(component, in: Store(engine: engine), imports: Echo()).exportedValues
    }

    @Test("records")
    func records() throws {
        let numbers = Values.Numbers(
            a: .min, b: .max, c: .min, d: .max, e: .min, f: .max, g: .min, h: .max, i: 0.5, j: .infinity)
        #expect(try values.echoNumbers(numbers) == numbers)
        #expect(try values.echoOrder(Echo.order) == Echo.order)
        let orders = (0..<100).map { Values.Order(id: $0, items: Echo.order.items, paid: $0.isMultiple(of: 2)) }
        #expect(try values.echoOrders(orders) == orders)
        #expect(try values.echoOrders([]) == [])
    }

    @Test("enums and flags")
    func labels() throws {
        for color in Values.Color.allCases { #expect(try values.echoColor(color) == color) }
        #expect(Values.Color.allCases.map(\.rawValue) == [0, 1, 2])
        for bits in 0..<UInt8(8) {
            let flags = Values.Permissions(rawValue: bits)
            #expect(try values.echoPermissions(flags) == flags)
        }
        #expect(try values.echoPermissions([.read, .execute]).contains(.execute))
        let many: Values.Many = [.f0, .f8, .f17]
        #expect(try values.echoMany(many) == many)
        #expect(try values.echoMany(Values.Many(rawValue: .max)).rawValue == (1 << 18) - 1)
    }

    @Test("variants")
    func variants() throws {
        let shapes: [Values.Shape] = [
            .nothing, .circle(1.25), .polygon([Tuple2(0, 1), Tuple2(-1, .pi)]), .colored(Tuple2(.darkGreen, "grün")),
        ]
        for shape in shapes { #expect(try values.echoShape(shape) == shape) }
        #expect(try values.echoShapes(shapes) == shapes)
    }

    @Test("texts, options, tuples and lists of numbers")
    func rest() throws {
        for text in ["", "a", "größer als 😀", String(repeating: "x", count: 100_000)] {
            #expect(try values.echoText(text) == text)
        }
        #expect(try values.echoLetter("😀") == "😀")
        for maybe in [UInt32??.none, .some(.none), .some(.some(3))] { #expect(try values.echoMaybe(maybe) == maybe) }
        #expect(try values.echoSwap(Tuple2(1, .max)) == (.max, 1))
        let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try values.echoBytes(bytes) == bytes)
        #expect(try values.echoWords([0, .max]) == [0, .max])
        #expect(try values.echoReals([0.1, -.infinity]) == [0.1, -.infinity])
        #expect(try values.echoFlag(true))
    }

    @Test("results throw at the level of functions and are values elsewhere")
    func results() throws {
        #expect(try values.echoOutcome(.success(3)) == 3)
        #expect(throws: ResultError("wrong")) { try values.echoOutcome(.failure(ResultError("wrong"))) }
        let outcomes: [Result<UInt32, ResultError<String>>] = [.success(1), .failure(ResultError("no"))]
        #expect(try values.echoOutcomes(outcomes) == outcomes)
        #expect(try values.find(key: "order") == Echo.order)
        #expect(throws: Values.Failure.notFound("nix")) { try values.find(key: "nix") }
        #expect(throws: Values.Failure.denied) { try values.check(key: "") }
        try values.check(key: "a")
        try values.status(code: 0)
        #expect(throws: Empty()) { try values.status(code: 1) }
    }

    @Test("an error that is not in the WIT ends the call and comes out as it is")
    func otherError() throws {
        #expect(throws: Echo.Offline.self) { try values.find(key: "offline") }
        #expect(throws: Trap.self) { try values.echoFlag(true) }
    }

    @Test("many parameters")
    func parameters() throws {
        #expect(try values.manyParameters(1, 2, 3, 4, -1, -2, -3, -4, 0.5, "ü") == "1 2 3 4 -1 -2 -3 -4 0.5 ü")
        #expect(try values.seventeen(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) == 65_537)
    }
}
