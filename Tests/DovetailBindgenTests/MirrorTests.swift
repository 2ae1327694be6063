// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

// Components that pass each call on to what they import (`Guests/mirror`, and in Swift): the host that calls answers itself, so
// every type of the corpus goes both ways through its reference bindings.

@Suite("Mirrored: names that Swift has other plans for")
struct NamesTests {
    private final class Host: Names.Imports {
        final class Instance: Names.Types.Instance {
            let name: String
            init(_ name: String) { self.name = name }
            func component() -> UInt8 { UInt8(name.utf8.count) }
            func resource() -> UInt8 { 2 }
            func interface() -> UInt8 { 3 }
        }

        var deinits = 0
        weak var last: Instance?

        func httpGet(url: String) -> String { url + "!" }
        func getHttp() {}
        func names() -> [UInt8] { [1, 2, 3] }
        func get() -> Names.SwiftInterface.DovetailValue { .init(x1_0: 1, x1_0A: 2) }

        func `func`(class: String, self_: UInt32, in: UInt8, `var`: UInt8) throws -> Names.Keywords.Record {
            switch self_ {
            case 0: throw Names.Keywords.Error.none
            case 1: throw Names.Keywords.Error.any(`class`)
            case 2: throw Names.Keywords.Error.some(7)
            case 3: throw Names.Keywords.Error.nil
            default:
                return .init(
                    class: `class`, self_: self_, init_: true, default: `in`, let: `var`, inout_: 1, store: 2, lower: 3,
                    shape: 4, abi: 5)
            }
        }
        func `init`(returned: (UInt8, UInt8)) -> (UInt8, UInt8) { (returned.1, returned.0) }
        func `deinit`() { deinits += 1 }
        func `class`() -> Names.Keywords.Switch { .labels }
        func `guard`() -> Names.Keywords.ProtocolValue { [.public, .allCases_] }

        func makeInstance(name: String) -> any Names.Types.Instance {
            let instance = Instance(name)
            last = instance
            return instance
        }
        func useAll(
            a: Names.Types.Array, b: [Names.Types.Optional], c: Names.Types.String
        ) throws -> Names.Types.Array {
            guard c > 0 else { throw b.last ?? .linker }
            return .init(int: a.int &+ Int64(b.count), bool: !a.bool)
        }
    }

    private let host = Host()

    private func world(_ guest: GuestLanguage) throws -> Names {
        let (engine, component) = try guest.component("names")
        return try Names(component, in: Store(engine: engine), imports: host)
    }

    @Test("functions, fields, cases and flags", arguments: GuestLanguage.available)
    func keywords(_ guest: GuestLanguage) throws {
        let world = try world(guest)
        let keywords = world.exportedKeywords
        #expect(
            try keywords.func(class: "c", self_: 9, in: 10, var: 11)
                == .init(
                    class: "c", self_: 9, init_: true, default: 10, let: 11, inout_: 1, store: 2, lower: 3, shape: 4,
                    abi: 5))
        let errors: [Names.Keywords.Error] = [.none, .any("c"), .some(7), .nil]
        for (number, wanted) in errors.enumerated() {
            #expect(throws: wanted) { try keywords.func(class: "c", self_: UInt32(number), in: 0, var: 0) }
        }
        #expect(try keywords.`init`(returned: (1, 2)) == (2, 1))
        try keywords.deinit()
        #expect(host.deinits == 1)
        #expect(try keywords.class() == .labels)
        #expect(try keywords.guard() == [.public, .allCases_])
        #expect(try world.aB() == 3)
        #expect(try world.instance2() == 3)
    }

    @Test(
        "types called as those of the standard library, a resource of the component that stands for one of the host",
        arguments: GuestLanguage.available)
    func types(_ guest: GuestLanguage) throws {
        let world = try world(guest)
        let types = world.exportedTypes
        #expect(try types.useAll(a: .init(int: -5, bool: false), b: [.linker], c: 1) == .init(int: -4, bool: true))
        #expect(throws: Names.Types.Optional.store(.init(int: 1, bool: true))) {
            try types.useAll(
                a: .init(int: 0, bool: false), b: [.linker, .store(.init(int: 1, bool: true))], c: 0)
        }
        let instance = try Names.ExportedTypes.Instance(in: types, name: "four")
        #expect(try [instance.component(), instance.resource2(), instance.interface2()] == [4, 2, 3])
        #expect(host.last != nil)
        try instance.close()
        #expect(host.last == nil, "closing the component's resource drops the host's")
        #expect(throws: (any Error).self) { try instance.component() }
    }
}

@Suite("Mirrored: types within types")
struct StructuresTests {
    typealias Many = Structures.Many

    private final class Host: Structures.Imports {
        final class Canvas: Structures.Canvas {
            let size: Structures.Point
            var lines: [(Structures.Point, Structures.Point)] = []
            init(_ size: Structures.Point) { self.size = size }

            func line(a: Structures.Point, b: Structures.Point) throws -> Structures.Direction {
                lines.append((a, b))
                guard b.x < size.x else { throw ResultError("no room") }
                return try .init(values: vector(Float(b.x - a.x), Float(b.y - a.y), 0), names: ["line": [1, 2]])
            }
        }

        var drawn: [Structures.Point] = []

        func draw(on: any Structures.Canvas, what: [Structures.Point]) { drawn += what }
        func makeCanvas(size: Structures.Point) -> any Structures.Canvas { Canvas(size) }
        func canvasOpen(name: String) throws -> any Structures.Canvas { throw ResultError(name) }

        func rows(r: Many.Row) throws -> Many.Row { try #require(Many.Row(r.elements.reversed())) }
        func nines(n: [Many.Nine]) -> Many.One { n.map(\.8).joined(separator: " ") }
        func singles(s: Many.Single, b: Many.Bare) throws -> Many.Bare {
            guard case .only(let ones) = s, ones.count == 2 else { throw Empty() }
            return b == .yes ? .no : .yes
        }
        func deep(v: Result<[(Unicode.Scalar, Many.Nine)?], ResultError<[UInt32: Many.Single]>>?) throws {
            switch v {
            case nil: return
            case .success(let items): throw ResultError(items.map { $0.map { "\($0.0)\($0.1.7)" } ?? "-" })
            case .failure(let singles): throw ResultError(singles.payload.keys.sorted().map { "\($0)" })
            }
        }
    }

    private static func vector(_ values: Float...) throws -> FixedLengthList<Structures.Count3, Float> {
        try #require(FixedLengthList(values))
    }

    private static func nine(_ text: String) -> Many.Nine {
        (.max, .max, .max, .max, .min, .min, .min, .min, text)
    }

    private let host = Host()

    private func world(_ guest: GuestLanguage) throws -> Structures {
        let (engine, component) = try guest.component("structures")
        return try Structures(component, in: Store(engine: engine), imports: host)
    }

    @Test("lists of a fixed length, maps, long tuples", arguments: GuestLanguage.available)
    func values(_ guest: GuestLanguage) throws {
        let world = try world(guest)
        let vectors = try (0..<4).map { number in
            try Many.Vector(values: Self.vector(Float(number), 0.5, -1), names: ["\(number)": [1, 2, 3], "": []])
        }
        let row = try #require(Many.Row(vectors))
        #expect(try world.exportedMany.rows(r: row).elementsEqual(vectors.reversed()))
        #expect(Many.Row([]) == nil)
        #expect(try world.exportedMany.nines(n: [Self.nine("a"), Self.nine("bc")]) == "a bc")
    }

    @Test("results without an error's type, and deep ones", arguments: GuestLanguage.available)
    func results(_ guest: GuestLanguage) throws {
        let world = try world(guest)
        let many = world.exportedMany
        #expect(try many.singles(s: .only(["a", "b"]), b: .yes) == .no)
        #expect(throws: Empty.self) { try many.singles(s: .only([]), b: .yes) }
        try many.deep(v: nil)
        #expect(throws: ResultError(["-", "é\(Int64.min)"])) {
            try many.deep(v: .success([nil, ("é" as Unicode.Scalar, Self.nine("x"))]))
        }
        #expect(throws: ResultError(["1", "5"])) {
            try many.deep(v: .failure(ResultError([5: .only([]), 1: .only(["y"])])))
        }
    }

    @Test("a resource that is given away and comes back", arguments: GuestLanguage.available)
    func resources(_ guest: GuestLanguage) throws {
        let world = try world(guest)
        let canvas = Host.Canvas(.init(x: 100, y: 100))
        let (returned, point) = try world.render(on: canvas)
        #expect(returned === canvas)
        #expect(point == .init(x: 3, y: 4))
        #expect(host.drawn == [.init(x: 1, y: 2), .init(x: 3, y: 4)])
        #expect(canvas.lines.count == 1)
    }
}

@Suite("Mirrored: several versions of one interface")
struct VersionsTests {
    private final class Host: Versions.Imports {
        var log: [String] = []

        func write(level: Versions.DependencyLog1_0_0.Level, text: String) { log.append("1: \(level) \(text)") }
        func write(level: Versions.DependencyLog2_1_0.Level, text: String) -> Bool {
            log.append("2: \(level.value) \(text)")
            return level.value > 1
        }
        func flush() { log.append("flush") }
    }

    @Test("each has types and functions of its own", arguments: GuestLanguage.available)
    func versions(_ guest: GuestLanguage) throws {
        let (engine, component) = try guest.component("versions")
        let host = Host()
        let world = try Versions(component, in: Store(engine: engine), imports: host)
        try world.exportedDependencyLog1_0_0.write(level: .high, text: "a")
        #expect(try world.exportedDependencyLog2_1_0.write(level: .init(value: 2), text: "b"))
        #expect(try !world.exportedDependencyLog2_1_0.write(level: .init(value: 1), text: "c"))
        #expect(host.log == ["1: high a", "flush", "2: 2 b", "2: 1 c"])
    }
}
