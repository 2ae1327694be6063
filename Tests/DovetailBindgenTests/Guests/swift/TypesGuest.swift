// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// Passes every value on to the host, and what the host says back.

private typealias Host = Types.Values

extension Types.ExportedValues: Types.ExportedValues.Exports {
    static func echoNumbers(v: Numbers) -> Numbers { Host.echoNumbers(v: v) }
    static func echoOrder(v: Order) -> Order { Host.echoOrder(v: v) }
    static func echoOrders(v: [Order]) -> [Order] { Host.echoOrders(v: v) }
    static func echoColor(v: Color) -> Color { Host.echoColor(v: v) }
    static func echoPermissions(v: Permissions) -> Permissions { Host.echoPermissions(v: v) }
    static func echoMany(v: Many) -> Many { Host.echoMany(v: v) }
    static func echoShape(v: Shape) -> Shape { Host.echoShape(v: v) }
    static func echoShapes(v: [Shape]) -> [Shape] { Host.echoShapes(v: v) }
    static func echoText(v: Name) -> Name { Host.echoText(v: v) }
    static func echoLetter(v: Unicode.Scalar) -> Unicode.Scalar { Host.echoLetter(v: v) }
    static func echoMaybe(v: UInt32??) -> UInt32?? { Host.echoMaybe(v: v) }
    static func echoOutcome(v: Result<UInt32, ResultError<String>>) throws(ResultError<String>) -> UInt32 {
        try Host.echoOutcome(v: v)
    }
    static func echoOutcomes(v: [Result<UInt32, ResultError<String>>]) -> [Result<UInt32, ResultError<String>>] {
        Host.echoOutcomes(v: v)
    }
    static func echoSwap(v: Pair) -> (UInt64, UInt8) { Host.echoSwap(v: v) }
    static func echoBytes(v: [UInt8]) -> [UInt8] { Host.echoBytes(v: v) }
    static func echoWords(v: [UInt32]) -> [UInt32] { Host.echoWords(v: v) }
    static func echoReals(v: [Double]) -> [Double] { Host.echoReals(v: v) }
    static func echoFlag(v: Bool) -> Bool { Host.echoFlag(v: v) }
    static func find(key: String) throws(Failure) -> Order { try Host.find(key: key) }
    static func check(key: String) throws(Failure) { try Host.check(key: key) }
    static func status(code: UInt32) throws(Empty) { try Host.status(code: code) }
    static func manyParameters(
        a: UInt8, b: UInt16, c: UInt32, d: UInt64, e: Int8, f: Int16, g: Int32, h: Int64, i: Float, j: String
    ) -> String {
        Host.manyParameters(a: a, b: b, c: c, d: d, e: e, f: f, g: g, h: h, i: i, j: j)
    }
    static func seventeen(
        a: UInt8, b: UInt8, c: UInt8, d: UInt8, e: UInt8, f: UInt8, g: UInt8, h: UInt8, i: UInt8, j: UInt8, k: UInt8,
        l: UInt8, m: UInt8, n: UInt8, o: UInt8, p: UInt8, q: UInt8
    ) -> UInt32 {
        Host.seventeen(
            a: a, b: b, c: c, d: d, e: e, f: f, g: g, h: h, i: i, j: j, k: k, l: l, m: m, n: n, o: o, p: p, q: q)
    }
}
