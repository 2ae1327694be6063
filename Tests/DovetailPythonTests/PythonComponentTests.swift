// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Components that start CPython when they are called, with apps that the tests write.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonComponentTests {
    private static let wit = """
        package a:b;
        interface shop { resource cart { constructor(n: u8); put: func(item: string, count: u32); } }
        world w { export shop; export run: func(code: string) -> string; export narrow: func(n: s64) -> u8; }
        """
    private static let world = Result { try PythonApp(wit) }
    private static let app = """
        import os, sys, random
        import wit_world
        from wit_world import exports
        class WitWorld(wit_world.WitWorld):
            def run(self, code): return str(eval(code))
            def narrow(self, n): return n
        class Shop(exports.Shop): pass
        """
    private static let shop = """
        from wit_world.exports import shop
        class Cart(shop.Cart):
            def __init__(self, n): pass
            def put(self, item, count, *, note=None): pass
        """

    /// Calls a function of an app in an instance of its own.
    private func call(
        _ name: String, _ argument: Value, app: String = app, shop: String? = shop, data: String = "",
        arguments: [String] = [], environment: [(String, String)] = []
    ) throws -> (result: Result<Value?, any Error>, output: String, errors: String) {
        let world = try Self.world.get()
        return try ScratchFolder.with { folder in
            if !app.isEmpty { try folder.write(app.utf8, to: "app/app.py") }
            if let shop { try folder.write(shop.utf8, to: "app/shop.py") }
            try folder.write(data.utf8, to: "app/data.txt")
            let (output, errors) = (OutputCollector(), OutputCollector())
            let store = try Store(
                engine: world.engine,
                wasi: world.surroundings(
                    folder, arguments: arguments, environment: environment, output: output, errors: errors))
            let instance = try Linker.wasi(engine: world.engine).instantiate(world.component, in: store)
            let result = Result { try instance.function(name).call([argument]) }
            return (result, output.text, errors.text)
        }
    }

    @Test func `arguments, environment, output, files and random numbers are those of the instance`() throws {
        let code = """
            (print("printed"), sys.argv, os.environ["COLOR"], open("/app/0/data.txt").read(), random.random() != random.random())
            """
        let (result, output, _) = try call(
            "run", .string(code), data: "read", arguments: ["me", "x"], environment: [("COLOR", "red")])
        #expect(try result.get() == .string("(None, ['me', 'x'], 'red', 'read', True)"))
        #expect(output == "printed\n")
    }

    @Test func `an exception traps with its traceback, on standard error and in the trap`() throws {
        let (result, _, errors) = try call("run", .string("1 / 0"))
        let trap = #expect(throws: Trap.self) { try result.get() }
        #expect(errors.contains("in run\n") && errors.hasSuffix("ZeroDivisionError: division by zero\n"))
        #expect(trap?.guestMessage == errors)
        #expect(
            trap?.description.hasPrefix("wasm `unreachable` instruction executed\nTraceback (most recent call last):\n")
                == true)
        #expect(trap?.description.contains("ZeroDivisionError: division by zero\nwasm backtrace:\n") == true)
    }

    @Test func `a trap has the traceback where the app has closed standard error, and has text that is not Unicode`()
        throws
    {
        let app = Self.app.replacing(
            "def narrow(self, n): return n", with: #"def narrow(self, n): raise ValueError("a \udc80 letter")"#
        ).replacing("class Shop", with: "sys.stderr = None\nclass Shop")
        let (result, _, errors) = try call("narrow", .s64(1), app: app)
        let trap = #expect(throws: Trap.self) { try result.get() }
        #expect(errors.isEmpty && trap?.guestMessage?.hasSuffix("ValueError: a \\udc80 letter\n") == true)
    }

    @Test func `byte code of the standard library has the lines of its source, and no docstrings`() throws {
        let carrier = try #require(RealCarrier.carrier)
        let names = ["json/decoder", "argparse", "dataclasses", "pdb", "typing", "asyncio/tasks"]
        let app = """
            import importlib.util

            def parts(code):
                return [one for one in code.co_consts if hasattr(one, "co_consts")]

            def lines(code):
                table = [line for start, end, line in code.co_lines() for _ in range(start, end, 2)]
                return [(code.co_qualname, code.co_firstlineno, table)] + [row for one in parts(code) for row in lines(one)]

            def texts(code):
                first = code.co_consts[:1] if code.co_flags & 0x4000000 else ()
                return list(first) + [text for one in parts(code) for text in texts(one)]

            def compare(name):
                spec = importlib.util.find_spec(name)
                found = spec.loader.get_code(name)
                with open(f"/app/0/{name}.txt", encoding="utf-8") as file:
                    source = compile(file.read(), spec.origin, "exec", dont_inherit=True)
                assert lines(found) == lines(source), name
                return len(lines(found)), len(texts(source)) > 0, texts(found)

            """ + Self.app
        let world = try Self.world.get()
        try ScratchFolder.with { folder in
            try folder.write(app.utf8, to: "app/app.py")
            try folder.write(Self.shop.utf8, to: "app/shop.py")
            for name in names {
                let source = try TestFiles.bytes("\(carrier.folder)/stdlib/\(name).py")
                try folder.write(source, to: "app/\(name.replacing("/", with: ".")).txt")
            }
            let store = try Store(engine: world.engine, wasi: world.surroundings(folder))
            let run = try Linker.wasi(engine: world.engine).instantiate(world.component, in: store).function("run")
            for name in names {
                let code = "compare('\(name.replacing("/", with: "."))')"
                guard case .string(let text)? = try run.call(.string(code)) else { continue }
                let wanted = try Regex(#"\([0-9]{2,}, True, \[\]\)"#)
                #expect(text.wholeMatch(of: wanted) != nil, "\(name): \(text)")
            }
            #expect(
                try run.call(.string("[__import__('json').__doc__, __import__('json').JSONDecoder.__doc__]"))
                    == .string("[None, None]"))
        }
    }

    @Test func `tasks run by asyncio where nothing in the world waits`() throws {
        let app = """
            import asyncio
            async def two():
                async with asyncio.timeout(60):
                    return await asyncio.gather(asyncio.sleep(0.001, 1), asyncio.sleep(0, 2))

            """ + Self.app
        #expect(try call("run", .string("asyncio.run(two())"), app: app).result.get() == .string("[1, 2]"))
    }

    @Test func `a result out of range is named with its place`() throws {
        let (result, _, errors) = try call("narrow", .s64(300))
        #expect(throws: Trap.self) { try result.get() }
        #expect(errors == "OverflowError: expected an integer from 0 to 255, found 300\nin `result` of `narrow`\n")
    }

    /// What is wrong with an app, and the last line that its first call says.
    static let mistakes: [(app: String, shop: String?, message: String)] = [
        ("", shop, "ModuleNotFoundError: No module named 'app'"),
        ("class X:\n  def f(self) return 1\n", shop, "SyntaxError: expected ':'"),
        ("import nothing_like_it\n", shop, "ModuleNotFoundError: No module named 'nothing_like_it'"),
        (
            "x = 1\n", shop,
            "TypeError: `app` has no class `WitWorld`; expected a subclass of `wit_world.WitWorld` that implements it"
        ),
        (
            app.replacing("def narrow", with: "def wide"), shop,
            "TypeError: `app.WitWorld` has no method `narrow`, which `wit_world.WitWorld` declares"
        ),
        (
            app.replacing("def narrow(self, n)", with: "def narrow(self)"), shop,
            "TypeError: `app.WitWorld.narrow` takes 0 arguments, expected 1 by position: see what the bindings declare"
        ),
        (
            app.replacing("def narrow(self, n)", with: "def narrow(self, n, *, unit)"), shop,
            "TypeError: `app.WitWorld.narrow` needs arguments by keyword, expected 1 by position: see what the bindings declare"
        ),
        (
            app, nil,
            "TypeError: there is no module `shop`, which is where the class `Cart` is looked for: "
                + "a subclass of `wit_world.exports.shop.Cart`"
        ),
        (
            app, shop.replacing("item, count,", with: "item,"),
            "TypeError: `shop.Cart.put` takes 1 arguments, expected 2 by position: see what the bindings declare"
        ),
    ]

    @Test(arguments: mistakes.indices)
    func `a mistake in an app is told at its first call`(_ index: Int) throws {
        let (app, shop, message) = Self.mistakes[index]
        let (result, _, errors) = try call("run", .string("1"), app: app, shop: shop)
        let trap = #expect(throws: Trap.self) { try result.get() }
        #expect(errors.contains(message + "\n"), "\(errors)")
        #expect(trap?.guestMessage == errors)
    }

    @Test func `arguments by position may have defaults or be any number`() throws {
        let app = Self.app.replacing("def narrow(self, n)", with: "def narrow(self, *n)")
            .replacing("def run(self, code)", with: "def run(self, code, more=1, *, other=2)")
        #expect(try call("run", .string("1 + 1"), app: app).result.get() == .string("2"))
    }
}
