// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Synchronization
import Testing

/// Sandboxes that tests run code in.
enum TestSandbox {
    private static let made = Result { try PythonImage(engine: try Engine(), modules: ["json"]) }

    static func make(
        _ change: (inout PythonSandbox.Configuration) -> Void = { _ in }
    ) throws -> PythonSandbox {
        var configuration = PythonSandbox.Configuration()
        change(&configuration)
        return try PythonSandbox(try made.get(), configuration)
    }

    static func image() throws -> PythonImage { try made.get() }

    /// The exception that `body` throws.
    static func exception(_ body: () throws -> Void) -> PythonException? {
        do {
            try body()
        } catch let error as PythonException {
            return error
        } catch {
            Issue.record("expected a PythonException, found \(error)")
        }
        return nil
    }
}

@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonSandboxTests {
    @Test func `statements keep names, and expressions have values`() throws {
        let sandbox = try TestSandbox.make()
        try sandbox.run("x = 6\ndef times(y):\n    return x * y")
        #expect(try sandbox.evaluate("times(7)") == .s64(42))
        #expect(try sandbox.evaluate("times(7)", as: UInt8.self) == 42)
        let text: String = try sandbox.call("times", "ab")
        #expect(text == "abababababab")
        #expect(try sandbox.call("times", 2.5) == .f64(15))
        #expect(try sandbox.call("times", with: [.list(.u8([1, 2]))]) == .bytes([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]))
        try sandbox.set("x", to: Int32(3))
        #expect(try sandbox.evaluate("times(1)", as: Int64.self) == 3)
        #expect(try sandbox.evaluate("__name__", as: String.self) == "__main__")
    }

    @Test func `Swift and Python call each other, back and forth`() throws {
        let sandbox = try TestSandbox.make()
        let prices = ["tea": 2.5, "milk": 1.25]
        try sandbox.define("price") { (article: String) -> Double in prices[article] ?? 0 }
        let log = Mutex<[String]>([])
        try sandbox.define("log", in: "host.tools") { (line: String) in log.withLock { $0.append(line) } }
        try sandbox.define("largest", values: { values in values.last })
        try sandbox.run(
            """
            from host.tools import log
            def total(articles, amounts):
                log(f"{len(articles)} articles")
                return sum(price(article) * amounts.get(article, 1) for article in articles)
            """)
        let total: Double = try sandbox.call("total", ["tea", "milk"], ["tea": UInt32(2)])
        #expect(total == 6.25)
        #expect(log.withLock { $0 } == ["2 articles"])
        #expect(
            try sandbox.evaluate("largest(1, 'b', (None, [True]))") == .tuple([.option(nil), .list([.bool(true)])]))
        #expect(try sandbox.evaluate("largest.__name__", as: String.self) == "largest")
    }

    @Test func `values of all types cross both ways`() throws {
        let sandbox = try TestSandbox.make()
        let values: [Value] = [
            .bool(true), .s64(-1), .s64(.min), .s64(.max), .u64(.max), .s64(1 << 31), .s64(-(1 << 45)), .f64(-0.5),
            .f64(.nan),
            .string(""), .string("käse 🧀 \0"), .option(nil), .bytes([0, 255]), .list([.s64(1), .string("a")]),
            .tuple([]),
            .tuple([.s64(0)]), .map([MapEntry(key: .string("a"), value: .list([]))]),
            .record([RecordField(name: "unit-price", value: .s64(3))]), .variant("not-found", .string("x")),
            .variant("none", nil), .ok(.s64(1)), .ok(nil), .error(.string("e")), .option(.option(nil)),
        ]
        try sandbox.run("def same(value): return value")
        for value in values {
            let back = try sandbox.call("same", with: [value])
            #expect(back == value)
        }
        // What Python does not tell apart comes back as what it is there.
        #expect(try sandbox.call("same", with: [.char("x")]) == .string("x"))
        #expect(try sandbox.call("same", with: [.enum("some-name")]) == .string("some-name"))
        #expect(try sandbox.call("same", with: [.flags(["a"])]) == .list([.string("a")]))
        #expect(try sandbox.call("same", with: [.option(.u8(3))]) == .s64(3))
        #expect(try sandbox.call("same", with: [.f32(0.5)]) == .f64(0.5))
        #expect(
            try sandbox.evaluate("[b'a', bytearray(b'b'), memoryview(b'c')]")
                == .list([.bytes([97]), .bytes([98]), .bytes([99])]))
        #expect(try sandbox.evaluate("{1, 1}") == .list([.s64(1)]))
        let nested: Result<[UInt8: String?], ResultError<Double>> = .success([7: nil, 8: "x"])
        #expect(try sandbox.call("same", nested) == nested)
        let failed: Result<[UInt8: String?], ResultError<Double>> = .failure(ResultError(0.5))
        #expect(try sandbox.call("same", failed) == failed)
        #expect(try sandbox.evaluate("-128", as: Int8.self) == -128)
    }

    @Test func `records and variants are objects in Python`() throws {
        let sandbox = try TestSandbox.make()
        try sandbox.run(
            """
            from dataclasses import dataclass
            from dovetail import Case, Err, Ok, Record
            @dataclass
            class Point:
                x: int
                y_position: float
            def describe(order):
                match order.kind:
                    case Case("express", days): order.kind = f"in {days} days"
                return order["kind"], order.unit_price, repr(order)
            """)
        let order = Value.record([
            RecordField(name: "unit-price", value: .f64(2)),
            RecordField(name: "kind", value: .variant("express", .u8(3))),
        ])
        let expected = "Record({'unit_price': 2.0, 'kind': 'in 3 days'})"
        #expect(
            try sandbox.call("describe", with: [order]) == .tuple([.string("in 3 days"), .f64(2), .string(expected)]))
        let point = Value.record([
            RecordField(name: "x", value: .s64(1)), RecordField(name: "y-position", value: .f64(2)),
        ])
        #expect(try sandbox.evaluate("[Point(1, 2.0)]") == .list([point]))
        #expect(
            try sandbox.evaluate("Err('late')", as: Result<Empty, ResultError<String>>.self)
                == .failure(ResultError("late")))
    }

    @Test func `values that do not fit are told with their place`() throws {
        let sandbox = try TestSandbox.make()
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return "nothing was thrown"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            message { _ = try sandbox.evaluate("[1, 300]", as: [UInt8].self) }
                == "cannot take the expression: [1]: expected u8, found the number 300")
        #expect(
            message { _ = try sandbox.evaluate("True", as: Int32.self) }
                == "cannot take the expression: expected s32, found bool")
        #expect(
            message { _ = try sandbox.evaluate("1 << 64") }
                == "cannot take the expression: expected a number of 64 bits, found a number of more than 64 bits")
        #expect(TestSandbox.exception { _ = try sandbox.evaluate("1j") }?.type == "TypeError")
        #expect(
            message { _ = try sandbox.evaluate("'\\ud800'") }
                == "cannot take the expression: expected a string, found one with half of a surrogate pair")
        try sandbox.define("half") { (number: Int32) -> Int32 in number / 2 }
        let error = TestSandbox.exception { _ = try sandbox.evaluate("half('a')") }
        #expect(error?.type == "TypeError")
        #expect(error?.message == "argument 1 of half(): expected s32, found str")
        #expect(
            TestSandbox.exception { _ = try sandbox.evaluate("half()") }?.message == "half() takes 1 argument, found 0")
        let object = TestSandbox.exception { _ = try sandbox.evaluate("[object()]") }
        #expect(object?.message.hasPrefix("a value of the type `object` cannot leave the sandbox") == true)
        #expect(
            TestSandbox.exception {
                try sandbox.run("a = []; a.append(a)"); _ = try sandbox.evaluate("a")
            }?.type == "ValueError")
        #expect(message { try sandbox.define("not a name") {} } == "expected a name in Python, found `not a name`")
    }

    private struct Refused: Error, Equatable {
        var reason: String
    }

    @Test func `exceptions come with the traceback that Python prints`() throws {
        let sandbox = try TestSandbox.make()
        try sandbox.run("def inverse(x):\n    return 1 / x\n", name: "math.py")
        let error = TestSandbox.exception { try sandbox.call("inverse", Int32(0)) }
        #expect(error?.type == "ZeroDivisionError")
        #expect(error?.message == "division by zero")
        #expect(
            error?.description == """
                Traceback (most recent call last):
                  File "math.py", line 2, in inverse
                    return 1 / x
                           ~~^~~
                ZeroDivisionError: division by zero
                """)
        let syntax = TestSandbox.exception { try sandbox.run("x = (1,\ny = 2") }
        #expect(syntax?.type == "SyntaxError")
        #expect(syntax?.traceback.contains("File \"<python 2>\", line 1") == true)
        #expect(TestSandbox.exception { try sandbox.evaluate("json.loads('{')") }?.type == "NameError")
        #expect(
            TestSandbox.exception { try sandbox.run("import json\njson.loads('{')") }?.type
                == "json.decoder.JSONDecodeError")
        #expect(TestSandbox.exception { try sandbox.run("raise SystemExit(3)") }?.type == "SystemExit")
        #expect(TestSandbox.exception { try sandbox.call("no_such") }?.message == "name 'no_such' is not defined")
        #expect(TestSandbox.exception { try sandbox.run("import no_such") }?.type == "ModuleNotFoundError")
    }

    @Test func `errors of Swift functions pass through Python`() throws {
        let sandbox = try TestSandbox.make()
        try sandbox.define("refuse") { (reason: String) -> Bool in throw Refused(reason: reason) }
        try sandbox.run("try:\n    refuse('a')\nexcept HostError as error:\n    caught = str(error)")
        #expect(try sandbox.evaluate("caught", as: String.self) == "Refused(reason: \"a\")")
        let error = TestSandbox.exception { try sandbox.run("def f(): refuse('b')\nf()") }
        #expect(error?.type == "dovetail.HostError")
        #expect(error?.cause as? Refused == Refused(reason: "b"))
        #expect(
            error?.description == """
                Traceback (most recent call last):
                  File "<python 2>", line 2, in <module>
                    f()
                    ~^^
                  File "<python 2>", line 1, in f
                    def f(): refuse('b')
                             ~~~~~~^^^^^
                dovetail.HostError: Refused(reason: "b")
                """)
        let wrapped = TestSandbox.exception {
            try sandbox.run("try:\n    refuse('c')\nexcept HostError as error:\n    raise ValueError('no') from error")
        }
        #expect(wrapped?.type == "ValueError")
        #expect(wrapped?.cause as? Refused == Refused(reason: "c"))
        #expect(TestSandbox.exception { try sandbox.run("1 / 0") }?.cause == nil)
    }

    @Test func `a function cannot use the sandbox that calls it`() throws {
        let sandbox = try TestSandbox.make()
        try sandbox.define("again") { [unowned sandbox] () -> Int64 in try sandbox.evaluate("1") }
        let error = TestSandbox.exception { try sandbox.run("again()") }
        #expect(error?.message.hasPrefix("the sandbox is running: a function that it calls cannot call it") == true)
        #expect((error?.cause as? PythonError)?.code == .usage)
        #expect(try sandbox.evaluate("2", as: Int8.self) == 2)
    }

    @Test func `modules are added, and those of the standard library are there unless they are withheld`() throws {
        let sandbox = try TestSandbox.make()
        try sandbox.addModule("shop", source: "import csv\ndef names(): return csv.__name__\nopened = __name__")
        #expect(try sandbox.call("shop.names") == .string("csv"))
        try sandbox.run("import shop")
        #expect(try sandbox.evaluate("shop.opened") == .string("shop"))
        #expect(TestSandbox.exception { try sandbox.addModule("bad", source: "1 / 0") }?.type == "ZeroDivisionError")
        #expect(TestSandbox.exception { try sandbox.run("import bad") }?.type == "ModuleNotFoundError")
        try ScratchFolder.with { folder in
            try folder.write("import helper\nvalue = helper.value".utf8, to: "plugin.py")
            try folder.write("value = 7".utf8, to: "helper.py")
            let other = try TestSandbox.make { $0.moduleFolder = folder.path }
            try other.run("import plugin")
            #expect(try other.evaluate("plugin.value", as: Int8.self) == 7)
        }
        let closed = try TestSandbox.make { $0.offersStandardLibrary = false }
        #expect(try closed.evaluate("__import__('json').dumps([1])", as: String.self) == "[1]")
        #expect(TestSandbox.exception { try closed.run("import csv") }?.type == "ModuleNotFoundError")
    }

    @Test func `files, variables and output are what was granted`() throws {
        try ScratchFolder.with { folder in
            try folder.write("granted\n".utf8, to: "note.txt")
            let sandbox = try TestSandbox.make {
                $0.wasi.preopens = [Preopen(folder.path, as: "/data", permissions: .readOnly)]
                $0.wasi.environment = [("SHOP", "open")]
            }
            #expect(try sandbox.evaluate("open('/data/note.txt').read()", as: String.self) == "granted\n")
            #expect(TestSandbox.exception { try sandbox.run("open('/data/new', 'w')") }?.type != nil)
            #expect(TestSandbox.exception { try sandbox.run("open('/etc/passwd')") }?.type == "FileNotFoundError")
            #expect(try sandbox.evaluate("__import__('os').environ['SHOP']", as: String.self) == "open")
            try sandbox.run("import sys\nprint('out')\nprint('err', file=sys.stderr)")
            #expect(sandbox.takeOutput() == "out\n")
            #expect(sandbox.output.isEmpty)
            #expect(sandbox.errorOutput == "err\n")
        }
    }

    @Test func `an image is kept and loaded, and its sandboxes know nothing of one another`() throws {
        let image = try PythonImage(
            engine: try TestSandbox.image().engine, component: try TestSandbox.image().component)
        let sandboxes = try (0..<20).map { _ in try PythonSandbox(image) }
        for (index, sandbox) in sandboxes.enumerated() { try sandbox.set("number", to: UInt32(index)) }
        for (index, sandbox) in sandboxes.enumerated() {
            #expect(try sandbox.evaluate("number", as: UInt32.self) == UInt32(index))
        }
        // Random numbers are taken when a sandbox begins, not when the image was made.
        let numbers = try sandboxes.map { try $0.evaluate("__import__('random').random()", as: Double.self) }
        #expect(Set(numbers).count == numbers.count)
        #expect(throws: PythonError.self) { try PythonImage(engine: image.engine, component: Array("\0asm".utf8)) }
        #expect(throws: PythonError.self) { try PythonImage(engine: image.engine, modules: ["no_such_module"]) }
    }

    @Test func `many sandboxes work at once`() async throws {
        let image = try TestSandbox.image()
        let sums = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<8 {
                group.addTask {
                    var sum: Int64 = 0
                    for round in 0..<25 {
                        let sandbox = try PythonSandbox(image)
                        try sandbox.define("given") { () -> Int32 in Int32(number) }
                        try sandbox.run("import random\ndef f(n): return sum(range(n)) + given()")
                        sum += try sandbox.call("f", Int32(round), as: Int64.self)
                    }
                    return sum
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sums.sorted() == (0..<8).map { Int64($0) * 25 + 2300 })
    }
}
