// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Foundation
import Synchronization
import Testing

/// The component of `Examples/python-app`, built by componentize-py in this very run: a whole CPython with WASI.
@Suite(
    "A Python app", .serialized,
    .enabled(if: PythonComponent.isBuildable, "needs Python 3, pip and a network, or a package fetched earlier"))
struct PythonAppTests {
    private let app: PythonApp

    init() throws { app = try PythonApp() }

    private func call(_ name: String, _ arguments: Value...) throws -> Value? { try app.call(name, arguments) }

    @Test("strings")
    func strings() throws {
        #expect(try call("reverse", .string("abc")) == .string("cba"))
        #expect(try call("reverse", .string("")) == .string(""))
        #expect(try call("reverse", .string("añ😀z")) == .string("z😀ña"))
        let long = String(repeating: "äb", count: 50_000)
        #expect(
            try call("reverse", .string(long)) == .string(String(long.unicodeScalars.reversed().map(Character.init))))
    }

    @Test("lists and options")
    func lists() throws {
        #expect(
            try call("sums", .list([.list(.s64([1, 2, 3])), .list([]), .list(.s64([-5, .max, 5]))]))
                == .list(.s64([6, 0, .max])))
        #expect(try call("sorted", .bytes([3, 0, 255, 1])) == .bytes([0, 1, 3, 255]))
        #expect(try call("doubled", .bytes([1, 200])) == .list([.option(.u8(2)), .option(nil)]))
    }

    private func item(_ name: String, _ amount: Double, price: Value? = nil, labels: [String] = []) -> Value {
        .record([
            .init(name: "name", value: .string(name)), .init(name: "amount", value: .f64(amount)),
            .init(name: "unit", value: .enum("kilogram")), .init(name: "labels", value: .flags(labels)),
            .init(name: "price", value: .option(price)),
        ])
    }

    @Test("records, variants, flags and resources of the guest; exceptions are errors of results")
    func baskets() throws {
        let basket = try #require(try call("[constructor]basket", .string("Ada")))
        #expect(try call("[method]basket.owner", basket) == .string("Ada"))
        #expect(try call("[method]basket.total", basket) == .error(.variant("empty-basket", nil)))
        let apples = item("apples", 1.5, price: .tuple([.u32(200), .string("EUR")]), labels: ["fresh", "sale"])
        let tea = item("tea", 0.1)
        #expect(
            try call("[method]basket.apply", basket, .list([.variant("add", apples), .variant("add", tea)]))
                == .ok(.list([apples, tea])))
        #expect(try call("[method]basket.total", basket) == .error(.variant("no-price", tea)))
        #expect(
            try call("[method]basket.apply", basket, .list([.variant("remove", .string("coffee"))]))
                == .error(.variant("unknown-item", .string("coffee"))))
        #expect(
            try call("[method]basket.apply", basket, .list([.variant("remove", .string("tea"))]))
                == .ok(.list([apples])))
        #expect(
            try call("[method]basket.total", basket) == .ok(.list([.tuple([.string("EUR"), .u32(300)])])))

        let other = try #require(try call("[constructor]basket", .string("Bob")))
        let milk = item("milk", 2, price: .tuple([.u32(50), .string("CHF")]))
        _ = try call("[method]basket.apply", other, .list([.variant("clear", nil), .variant("add", milk)]))
        let both = try #require(try call("[static]basket.merge", basket, other))
        #expect(try call("[method]basket.owner", both) == .string("Ada"))
        #expect(
            try call("[method]basket.total", both)
                == .ok(.list([.tuple([.string("CHF"), .u32(100)]), .tuple([.string("EUR"), .u32(300)])])))
        // The first was moved into the call.
        #expect(throws: CallError.self) { try call("[method]basket.owner", basket) }
        #expect(try call("[method]basket.owner", other) == .string("Bob"))
        for handle in [other, both] {
            if case .resource(let resource) = handle { try app.store.drop(resource) }
        }
        #expect(try call("baskets") == .u32(3))
    }

    @Test("host functions: results, and errors that Python passes on as its own")
    func translate() throws {
        #expect(
            try call("translate", .list([.string("cat"), .string("dog")]))
                == .ok(.list([.string("Katze"), .string("Hund")])))
        #expect(
            try call("translate", .list([.string("cat"), .string("caterpillar")]))
                == .error(.variant("refused", .variant("too-long", .u32(11)))))
        #expect(
            try call("translate", .list([.string("bird")])) == .error(.variant("refused", .variant("closed", nil))))
    }

    @Test("resources of the host, made by the guest and given to it")
    func notebooks() throws {
        #expect(try call("note", .string("diary"), .list([.string("a"), .string("b")])) == .option(.string("b")))
        #expect(try call("note", .string("diary"), .list([])) == .option(nil))
        #expect(app.host.closed.withLock { $0 } == ["diary: a b", "diary: "])
        let notebook = app.store.makeResource(app.notebook, rep: app.host.open("given"))
        #expect(try call("finish", .resource(notebook)) == .u32(1))
        #expect(!notebook.isAlive && app.host.closed.withLock { $0.last } == "given: finished")
    }

    @Test("printing, arguments, variables and files")
    func surroundings() throws {
        let found = try call("surroundings")
        #expect(
            found == .tuple([.list([.string("shop"), .string("--open")]), .option(.string("corner")), .bool(true)]))
        _ = try call("greet", .string("Zoë"))
        #expect(app.output.text.hasSuffix("Hello, Zoë!\n"))
        #expect(app.errors.text.hasSuffix("greeted 'Zoë'\n"))
    }

    @Test("an exception without a type is a trap with Python's traceback on standard error")
    func failure() throws {
        let trap = #expect(throws: Trap.self) { try call("fail", .string("no more tea")) }
        #expect(trap?.backtrace.isEmpty == false)
        #expect(app.errors.text.contains("RuntimeError: no more tea"))
        let later = #expect(throws: Trap.self) { try call("baskets") }
        #expect(later?.code == .cannotEnter)
    }
}

/// An instance of the app with a host of its own.
private final class PythonApp {
    /// What the guest's imports reach.
    final class Host: Sendable {
        private let notebooks = Mutex<[UInt32: (name: String, lines: [String])]>([:])
        let closed = Mutex<[String]>([])

        func open(_ name: String) -> UInt32 {
            notebooks.withLock { notebooks in
                let rep = (notebooks.keys.max() ?? 99) + 1
                notebooks[rep] = (name, [])
                return rep
            }
        }

        func add(_ line: String, to rep: UInt32) -> UInt32 {
            notebooks.withLock {
                $0[rep]?.lines.append(line)
                return UInt32($0[rep]?.lines.count ?? 0)
            }
        }

        func line(_ number: UInt32, of rep: UInt32) -> String? {
            notebooks.withLock { notebooks in
                notebooks[rep].flatMap { Int(number) < $0.lines.count ? $0.lines[Int(number)] : nil }
            }
        }

        func close(_ rep: UInt32) {
            guard let book = notebooks.withLock({ $0.removeValue(forKey: rep) }) else { return }
            closed.withLock { $0.append("\(book.name): \(book.lines.joined(separator: " "))") }
        }
    }

    let store: Store
    let host = Host()
    let notebook = ResourceType(name: "notebook")
    let output = OutputCollector()
    let errors = OutputCollector()
    private let instance: Instance
    private let folder: URL

    init() throws {
        let (engine, component) = try PythonComponent.app.get()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("readable\n".utf8).write(to: folder.appendingPathComponent("note.txt"))
        store = try Store(
            engine: engine,
            wasi: WASIConfiguration(
                arguments: ["shop", "--open"], environment: [("SHOP", "corner")],
                preopens: [Preopen(folder.path, as: "/data", permissions: .readOnly)],
                standardOutput: .collected(output), standardError: .collected(errors)))
        instance = try Self.linker(engine, host, notebook).instantiate(component, in: store)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func call(_ name: String, _ arguments: [Value]) throws -> Value? {
        try instance.function(name, in: "example:python-app/shop").call(arguments)
    }

    private static func linker(_ engine: Engine, _ host: Host, _ notebook: ResourceType) -> Linker {
        var linker = Linker(engine: engine)
        linker.addWASI()
        let name = "example:python-app/host@0.1.0"
        linker.defineResource("notebook", in: name, type: notebook) { _, rep in host.close(rep) }
        linker.define("[constructor]notebook", in: name) { caller, arguments in
            guard case .string(let title) = arguments[0] else { return nil }
            return .resource(caller.store.makeResource(notebook, rep: host.open(title)))
        }
        linker.define("[method]notebook.add", in: name) { _, arguments in
            guard case .resource(let book) = arguments[0], case .string(let line) = arguments[1] else { return nil }
            return .u32(host.add(line, to: book.rep))
        }
        linker.define("[method]notebook.line", in: name) { _, arguments in
            guard case .resource(let book) = arguments[0], case .u32(let number) = arguments[1] else { return nil }
            return .option(host.line(number, of: book.rep).map { .string($0) })
        }
        linker.define("translate", in: name) { _, arguments in
            guard case .string(let word) = arguments[0] else { return nil }
            if word.count > 10 { return .error(.variant("too-long", .u32(UInt32(word.count)))) }
            guard let found = ["cat": "Katze", "dog": "Hund"][word] else { return .error(.variant("closed", nil)) }
            return .ok(.string(found))
        }
        return linker
    }
}
