// SPDX-License-Identifier: Apache-2.0

import Dovetail

/// The record `rec` of `small.wat`, written by hand as generated bindings would have it.
struct Reading: Hashable, Sendable {
    var id: UInt32
    var x: Double
}

extension Reading: ComponentConvertible {
    static var abi: StaticLayout { StaticLayout.empty.adding(UInt32.abi).adding(Double.abi).padded }

    static var shape: TypeShape { .record([FieldShape("id", .u32), FieldShape("x", .f64)]) }

    private static func offsetOfX(_ is64: Bool) -> Int {
        StaticLayout.empty.adding(UInt32.abi).offset(of: Double.abi, is64)
    }

    func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        try id.lower(&cx, into: &flat)
        try x.lower(&cx, into: &flat)
    }

    func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try id.store(&cx, at: offset)
        try x.store(&cx, at: offset &+ Self.offsetOfX(cx.is64))
    }

    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Reading {
        Reading(id: try UInt32.lift(&cx, from: &flat), x: try Double.lift(&cx, from: &flat))
    }

    static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Reading {
        Reading(id: try UInt32.load(&cx, at: offset), x: try Double.load(&cx, at: offset &+ offsetOfX(cx.is64)))
    }
}
