// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// Passes every call on to the host.

extension Structures: Structures.Exports {
    /// Draws two points, a line between them, and gives the canvas back with one of them.
    static func render(on: Canvas) -> (Canvas, Point) {
        let (a, b) = (Point(x: 1, y: 2), Point(x: 3, y: 4))
        Imports.draw(on: on, what: [a, b])
        do throws(ResultError<String>) {
            _ = try on.line(a: a, b: b)
            _ = try Canvas.open(name: "nothing")
        } catch {
            precondition(error.payload.utf8.count == 7)
        }
        return (on, b)
    }
}

extension Structures.ExportedMany: Structures.ExportedMany.Exports {
    private typealias Host = Structures.Many

    static func rows(r: Row) -> Row { Host.rows(r: r) }
    static func nines(n: [Nine]) -> One { Host.nines(n: n) }
    static func singles(s: Single, b: Bare) throws(Empty) -> Bare { try Host.singles(s: s, b: b) }

    static func deep(
        v: Result<[(Unicode.Scalar, Nine)?], ResultError<[UInt32: Single]>>?
    ) throws(ResultError<[String]>) {
        try Host.deep(v: v)
    }
}
