// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Components of apps: CPython is started and the app imported when they are made.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonAppTests {
    private static let wit = """
        package a:b;
        interface host { ask: func(question: string) -> result<u32, string>; }
        interface shop { resource cart { constructor(n: u8); put: func(item: string) -> u32; } }
        world w { import host; export shop; export run: func(code: string) -> string; }
        """
    private static let app = """
        import wit_world
        class WitWorld(wit_world.WitWorld):
            def run(self, code): return str(eval(code))
        """
    private static let shop = """
        from wit_world.exports import shop
        class Cart(shop.Cart):
            def __init__(self, n): self.items = ["first"] * n
            def put(self, item):
                self.items.append(item)
                return len(self.items)
        """

    private func build(
        _ app: String = app, _ more: [String: String] = [:], _ change: (inout AppBuild) -> Void = { _ in }
    ) throws -> PythonComponentizer.Build {
        var build = AppBuild(
            files: ["app.py": app, "shop.py": Self.shop].merging(more) { $1 }, wit: Self.wit)
        change(&build)
        return try build.build()
    }

    private func run(_ component: [UInt8], _ code: String, _ wasi: WASIConfiguration = WASIConfiguration()) throws
        -> String
    {
        let instance = try AppBuild.instance(of: component, wasi) { linker, _ in
            linker.define("ask", in: "a:b/host") { _, arguments in
                guard case .string(let question)? = arguments.first else { return .error(nil) }
                return question == "how many" ? .ok(.u32(3)) : .error(.string("what is `\(question)`?"))
            }
        }
        guard case .string(let text)? = try instance.function("run").call([.string(code)]) else { return "?" }
        return text
    }

    @Test func `an app starts where its import ended, without files`() throws {
        let build = try build("import json\ntable = json.loads('[1, 2]')\nprint('imported')\n" + Self.app)
        #expect(build.messages == "imported\n")
        #expect(try run(build.component, "table + [len(json.dumps(table))]") == "[1, 2, 6]")
    }

    @Test func `components of one app are the same, wherever it lies`() throws {
        let app = "import re, dataclasses, random\nkept = {*'some names in a set'.split()}\n" + Self.app
        let first = try build(app).component
        let isSame = try build(app).component == first
        #expect(isSame)
    }

    @Test func `memory that an app has given back while it was imported is not in its component`() throws {
        let plain = try build("import gc\n" + Self.app).component.count
        let wasteful = try build(
            "import gc\nwaste = [bytes([n % 255 + 1]) * 1000 for n in range(10_000)]\ndel waste\n" + Self.app
        ).component.count
        #expect(wasteful - plain < 100_000, "\(wasteful - plain)")
    }

    @Test func `what lies beside an app leaves no trace in its component`() throws {
        let app = "import json, late.part\n" + Self.app
        let package = ["late/__init__.py": "", "late/part.py": "import textwrap\n"]
        let first = try build(app, package).component
        // As when it is written there, and run by another Python: byte code that is not checked must not be taken for the module.
        let cached = Array("\u{2b}\u{0e}\r\n".utf8) + [1, 0, 0, 0] + [UInt8](repeating: 0x4e, count: 9)
        let second = try build(app, package.merging(["notes.txt": "x", "out/deep/er.txt": "y"]) { $1 }) {
            $0.libraries = [
                "app.wasm": first, "late/app.wasm": first, "__pycache__/app.cpython-314.pyc": cached,
                "late/__pycache__/part.cpython-314.pyc": cached,
            ]
        }.component
        // What differs in megabytes is nothing to be shown.
        let isSame = second == first
        #expect(isSame)
    }

    @Test func `environment, arguments and random numbers are those of the instance`() throws {
        let app = "import os, random, sys\nbefore = random.random()\n" + Self.app
        let component = try build(app).component
        let code =
            "(os.environ.get('COLOR'), sys.argv, os.urandom(8).hex(), random.random() == before, random.random())"
        let wasi = WASIConfiguration(arguments: ["me", "x"], environment: [("COLOR", "red")])
        let (first, second) = (try run(component, code, wasi), try run(component, code, wasi))
        #expect(first.hasPrefix("('red', ['me', 'x'], '") && first.contains("', False, 0."))
        #expect(first != second)
    }

    @Test func `a file with several numbers has one position, and is closed with the last`() throws {
        let component = try build(
            """
            import os
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, path):
                    with open(path, "w+b", buffering=0) as file:
                        file.write(b"one ")
                        first = os.dup(file.fileno())
                        second = os.dup(first)
                        numbers = {file.fileno(), first, second}
                    os.write(second, b"two ")
                    os.close(second)
                    os.write(first, b"three")
                    position, size = os.lseek(first, 0, os.SEEK_CUR), os.fstat(first).st_size
                    os.lseek(first, 4, os.SEEK_SET)
                    with open(os.dup(first), "rb") as copy:
                        rest = copy.read()
                    # What is printed meanwhile is in the file.
                    os.lseek(first, 0, os.SEEK_END)
                    kept = os.dup(1)
                    os.dup2(first, 1)
                    print(" four")
                    os.dup2(kept, 1, inheritable=False)
                    os.close(kept)
                    print("five")
                    os.close(first)
                    with open(path) as file:
                        rest += file.read()[-6:].strip().encode()
                    errors = []
                    for number in (*numbers, 1000, -1):
                        try:
                            errors.append(os.dup(number))
                        except OSError as error:
                            errors.append(error.strerror)
                    return f"{len(numbers)} {position} {size} {rest.decode()} {errors}"
            """
        ).component
        try ScratchFolder.with { folder in
            let output = OutputCollector()
            let wasi = WASIConfiguration(
                preopens: [Preopen(folder.path, as: "/data")], standardOutput: .collected(output))
            let errors = Array(repeating: "'Bad file descriptor'", count: 5).joined(separator: ", ")
            let answer = try run(component, "/data/file", wasi)
            #expect(answer == "3 13 13 two threefour [\(errors)]")
            #expect(output.text == "five\n")
        }
    }

    @Test func `values and resources cross both ways`() throws {
        let app = """
            import wit_world
            from componentize_py_types import Err
            from wit_world.imports import host
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    try: return str(host.ask(code))
                    except Err as error: return error.value
            """
        let component = try build(app).component
        #expect(try run(component, "how many") == "3")
        #expect(try run(component, "this") == "what is `this`?")
        let instance = try AppBuild.instance(of: component, with: { $0.defineUnknownImportsAsTraps($1) })
        guard case .resource(let cart)? = try instance.function("[constructor]cart", in: "a:b/shop").call([.u8(2)])
        else {
            Issue.record("expected a cart")
            return
        }
        let put = try instance.function("[method]cart.put", in: "a:b/shop")
        #expect(try put.call([.resource(cart), .string("apple")]) == .u32(3))
        #expect(try put.call([.resource(cart), .string("pear")]) == .u32(4))
    }

    @Test func `modules are found in several folders, the first one counting`() throws {
        let component = try build(
            "import one, two\n" + Self.app,
            ["lib/one.py": "name = 'lib'\n", "other/one.py": "", "other/two.py": "name = 2\n"]
        ) { $0.folders = ["", "lib", "other"] }.component
        #expect(try run(component, "(one.name, two.name, one.__file__)") == "('lib', 2, '/app/2/one.py')")
    }

    @Test func `bindings that lie beside an app are not those of the component`() throws {
        let stale = "raise Exception('stale')\n"
        let component = try build(
            Self.app, ["wit_world/__init__.py": stale, "componentize_py_types.py": stale]
        ).component
        #expect(try run(component, "1 + 1") == "2")
    }

    @Test func `a component may do without WASI`() throws {
        let app = "import os, random, sys\n" + Self.app
        let component = try build(app) { $0.stubsWASI = true }.component
        func run(_ code: String) throws -> Value? {
            let instance = try AppBuild.instance(of: component, nil) { linker, _ in
                linker.define("ask", in: "a:b/host") { _, _ in .ok(.u32(3)) }
            }
            return try instance.function("run").call([.string(code)])
        }
        #expect(try run("len(os.environ), sum(range(10))") == .string("(0, 45)"))
        #expect(try run("random.random()") == run("random.random()"))
        #expect(throws: Trap.self) { try run("os.urandom(4)") }
        #expect(try build(app) { $0.stubsWASI = true }.component == component)
    }

    @Test func `modules inside CPython are still there when their code has been imported`() throws {
        let component = try build("import io, os, abc, importlib\n" + Self.app).component
        #expect(
            try run(component, "[__import__(n).__name__ for n in ('os', 'io', 'abc', 'ntpath', 'site')]")
                == "['os', 'io', 'abc', 'ntpath', 'site']")
    }

    // MARK: Late imports

    @Test func `what code names is there later`() throws {
        let app = """
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    exec(code, globals())
                    return str(answer)
                def unused(self):
                    import late.part, textwrap
                    from late import other
                    from . import nothing
                    import colorsys as colors
            """
        let component = try build(
            app,
            [
                "late/__init__.py": "from late import deeper\n",
                "late/part.py": "import bisect\nname = __name__\n",
                "late/other.py": "def f():\n    import calendar\n", "late/deeper.py": "x = 5\n",
            ]
        ).component
        let code = """
            import late.part, textwrap, colorsys, calendar
            from late import other
            answer = (late.part.name, late.deeper.x, other.__file__, late.__path__, textwrap.dedent(' a'))
            """
        #expect(
            try run(component, code)
                == "('late.part', 5, '/app/1/late/other.py', ['/app/1/late'], 'a')")
    }

    @Test func `strptime finds what it imports by itself`() throws {
        let app = Self.app.replacing("eval(code)", with: "datetime.datetime.strptime(code, '%d.%m.%Y')")
        let component = try build("import datetime\n" + app).component
        #expect(try run(component, "29.11.2026") == "2026-11-29 00:00:00")
    }

    @Test func `what nobody names can be included, and is missing otherwise`() throws {
        let app = "import importlib\n" + Self.app
        let code = "importlib.import_module('quo' + 'pri').decodestring(b'=41')"
        #expect(try run(try build(app) { $0.included = ["quopri"] }.component, code) == "b'A'")
        let errors = OutputCollector()
        #expect(throws: Trap.self) {
            try run(try build(app).component, code, WASIConfiguration(standardError: .collected(errors)))
        }
        #expect(
            errors.text.hasSuffix(
                """
                ModuleNotFoundError: No module named 'quopri'
                `quopri` was not imported when the component was made; `dovetail componentize --include quopri` carries it

                """), "\(errors.text)")
    }

    @Test func `what modules inside CPython import is carried, and what shows documentation is not`() throws {
        let app = """
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    try:
                        import importlib.util
                        import pydoc
                    except ModuleNotFoundError as error:
                        return f"{importlib.util.module_from_spec.__name__}, {error}"
            """
        #expect(try run(try build(app).component, "") == "module_from_spec, No module named 'pydoc'")
    }

    @Test(arguments: [false, true])
    func `a component for debugging shows names of functions and lines of source code`(isShared: Bool) throws {
        var app = AppBuild(
            files: [
                "app.py": """
                # -*- coding: latin-1 -*-
                import wit_world

                def part(n): return 1 // n

                class WitWorld(wit_world.WitWorld):
                    def divide(self, n):
                        import later
                        return later.whole(n, part)
                """, "later.py": "def whole(n, part): return part(n)\n",
            ], wit: "package a:b; world w { export divide: func(n: u32) -> u32; }")
        app.sharesPython = isShared
        func trap() throws -> Trap {
            let instance = try AppBuild.instance(of: try app.build().component) { _, _ in }
            return try #require(throws: Trap.self) { try instance.function("divide").call([.u32(0)]) }
        }
        let plain = try trap()
        #expect(plain.guestMessage?.contains("line 1, in whole\n  File") == true)
        // Modules that components share have names always.
        #expect(isShared || plain.backtrace.allSatisfy { $0.function == nil })
        app.isForDebugging = true
        let full = try trap()
        #expect(full.guestMessage?.contains("line 1, in whole\n    def whole(n, part): return part(n)\n") == true)
        #expect(full.guestMessage?.contains("    def part(n): return 1 // n\n") == true)
        #expect(full.backtrace.contains { $0.function == "dovetail_python_export" })
        #expect(try app.build().component == app.build().component)
    }

    @Test func `an expression brings what it imports`() throws {
        let app = "import importlib\n" + Self.app
        let component = try build(app) {
            $0.warmUps = ["WitWorld().run('importlib.import_module(chr(113) + \"uopri\")')"]
        }
        .component
        #expect(try run(component, "importlib.import_module('quo' + 'pri').decodestring(b'=41')") == "b'A'")
        let error = #expect(throws: AppBuild.Failure.self) { try build(app) { $0.warmUps = ["1 / 0"] } }
        #expect(error?.message.hasSuffix("ZeroDivisionError: division by zero") == true, "\(error?.message ?? "")")
    }

    // MARK: Files of packages

    @Test func `files of packages are read from memory`() throws {
        let app = """
            import os, pkgutil
            from importlib import resources
            import depot, wit_world
            here = os.path.dirname(depot.__file__)
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    try:
                        return repr(eval(code))
                    except OSError as error:
                        return f"{type(error).__name__}: {error}"
            """
        let build = try build(app) {
            $0.files["depot/__init__.py"] = ""
            $0.files["depot/parts/__init__.py"] = "name = 'parts'"
            $0.files["depot/parts/list.json"] = "[1, 2]\n"
            $0.files["depot/texts/größe.txt"] = "groß\nklein\n"
            $0.files["depot/texts/same.txt"] = "groß\nklein\n"
            $0.files["depot/__pycache__/x.txt"] = "no"
            $0.dataPackages = ["depot"]
        }
        #expect(build.data.map(\.package) == ["depot"] && build.data.map(\.text) == ["3 files, 1 kB"])
        for (expression, result) in [
            ("resources.files('depot').joinpath('parts', 'list.json').read_bytes()", "b'[1, 2]\\n'"),
            ("(resources.files('depot.parts') / 'list.json').open().read()", "'[1, 2]\\n'"),
            ("resources.read_text('depot', 'texts/größe.txt', encoding='utf-8')", "'groß\\nklein\\n'"),
            ("sorted(item.name for item in resources.files('depot').iterdir())", "['parts', 'texts']"),
            ("[item.is_dir() for item in resources.files('depot').joinpath('texts').iterdir()]", "[False, False]"),
            ("pkgutil.get_data('depot.parts', 'list.json')", "b'[1, 2]\\n'"),
            ("list(open(here + '/texts/same.txt', encoding='utf-8'))", "['groß\\n', 'klein\\n']"),
            ("open(os.path.join(here, 'parts', 'list.json'), 'rb').read(3)", "b'[1,'"),
            (
                "resources.files('depot').joinpath('lost').read_bytes()",
                "FileNotFoundError: [Errno 44] No such file or directory: '/app/1/depot/lost'"
            ),
            (
                "resources.files('depot').joinpath('texts').read_bytes()",
                "IsADirectoryError: [Errno 31] Is a directory: '/app/1/depot/texts'"
            ),
            ("open('/nowhere')", "FileNotFoundError: [Errno 44] No such file or directory: '/nowhere'"),
        ] { #expect(try run(build.component, expression) == result, "\(expression)") }
        let error = #expect(throws: AppBuild.Failure.self) { try self.build(Self.app) { $0.dataPackages = ["depots"] } }
        #expect(error?.message.contains("No package named 'depots', which `--include-data` names") == true)
    }

    @Test func `time zones are there where an app uses zoneinfo and tzdata is installed`() throws {
        let app = """
            from datetime import datetime
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    import zoneinfo
                    try:
                        return str(datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo(code)))
                    except zoneinfo.ZoneInfoNotFoundError as error:
                        return str(error)
            """
        // A zone that is an hour ahead, always. (RFC 9636, "The TZif Format")
        let nothing = String(repeating: "\0", count: 4)
        let zone =
            "TZif" + String(repeating: "\0", count: 16) + String(repeating: nothing, count: 4)
            + "\0\0\0\u{1}\0\0\0\u{4}"
            + "\0\0\u{e}\u{10}\0\0" + "HDE\0"
        let build = try build(app) {
            $0.files["tzdata/__init__.py"] = ""
            $0.files["tzdata/zoneinfo/__init__.py"] = ""
            $0.files["tzdata/zoneinfo/Europe/__init__.py"] = ""
            $0.files["tzdata/zoneinfo/Europe/Dovetail"] = zone
        }
        #expect(build.data.map(\.package) == ["tzdata"])
        #expect(try run(build.component, "Europe/Dovetail") == "2026-07-01 00:00:00+01:00")
        #expect(try run(build.component, "Europe/Atlantis") == "'No time zone found with key Europe/Atlantis'")
        #expect(try self.build(app).data.isEmpty)
    }

    // MARK: Mistakes

    /// What is wrong with an app, and what is said about it.
    static let mistakes: [(app: String, message: String)] = [
        (
            "def f(:\n",
            """
            the app `app` cannot be made a component
              File "app.py", line 1
                def f(:
                      ^
            SyntaxError: invalid syntax
            """
        ),
        (
            "import json\ndef deep():\n    1 / 0\ndeep()\n",
            """
            the app `app` cannot be made a component
            Traceback (most recent call last):
              File "app.py", line 4, in <module>
                deep()
                ~~~~^^
              File "app.py", line 3, in deep
                1 / 0
                ~~^~~
            ZeroDivisionError: division by zero
            """
        ),
        (
            "print('first')\nimport nothing_like_it\n",
            """
            the app `app` cannot be made a component
            first
            Traceback (most recent call last):
              File "app.py", line 2, in <module>
                import nothing_like_it
            ModuleNotFoundError: No module named 'nothing_like_it'
            `nothing_like_it` was looked for in `.` and the standard library; name its folder with `-p`
            """
        ),
        (
            "import fcntl\n",
            """
            the app `app` cannot be made a component
            Traceback (most recent call last):
              File "app.py", line 1, in <module>
                import fcntl
            ModuleNotFoundError: No module named 'fcntl'
            components do not have `fcntl`: there is no operating system with users, limits and locks
            """
        ),
        (
            "x = 1\n",
            """
            the app `app` cannot be made a component
            TypeError: `app` has no class `WitWorld`; expected a subclass of `wit_world.WitWorld` that implements it
            """
        ),
        (
            app.replacing("def run", with: "def walk"),
            """
            the app `app` cannot be made a component
            TypeError: `app.WitWorld` has no method `run`, which `wit_world.WitWorld` declares
            """
        ),
        (
            app.replacing("self, code", with: "self"),
            """
            the app `app` cannot be made a component
            TypeError: `app.WitWorld.run` takes 0 arguments, expected 1 by position: see what the bindings declare
            """
        ),
        (
            "from wit_world.imports import host\nhost.ask('')\n",
            """
            the app `app` cannot be made a component
            it called `a:b/host#ask` while it was imported, when there is no host yet: call it from a function that the world exports
            """
        ),
    ]

    @Test(arguments: mistakes.indices)
    func `a mistake in an app is told when it is made a component`(_ index: Int) throws {
        let (app, message) = Self.mistakes[index]
        let error = #expect(throws: AppBuild.Failure.self) { try build(app) }
        #expect(error?.message == message)
        #expect(error?.code == .app)
    }

    @Test(arguments: [
        (
            "import threading\nthreading.Thread(target=print).start()",
            "a component has one thread: nothing can start another"
        ),
        ("import subprocess\nsubprocess.run(['ls'])", "a component cannot start other programs or processes"),
        ("import os\nos.system('ls')", "a component cannot start other programs or processes"),
        (
            "import multiprocessing\nmultiprocessing.Lock()",
            "components do not have `_multiprocessing`: a component cannot"
        ),
        ("import ssl", "components do not have `_ssl`: TLS is the host's"),
    ])
    func `what WASI has not is told when an app needs it to be imported`(_ code: String, _ sentence: String) throws {
        let error = #expect(throws: AppBuild.Failure.self) { try build(code + "\n" + Self.app) }
        #expect(error?.code == .app)
        #expect(error?.message.split(separator: "\n").last?.hasPrefix(sentence) == true, "\(error?.message ?? "")")
    }

    @Test func `an app that is not there, or has a name that cannot be`() throws {
        let missing = #expect(throws: AppBuild.Failure.self) {
            try AppBuild(files: ["other.py": ""], wit: Self.wit).build()
        }
        #expect(
            missing?.message == """
                the app `app` cannot be made a component
                ModuleNotFoundError: No module named 'app'
                `app` was looked for in `.` and the standard library; name its folder with `-p`
                """)
        let folder = #expect(throws: AppBuild.Failure.self) { try build { $0.folders = ["nowhere"] } }
        #expect(folder?.message == "expected a folder with modules in Python, found none at `nowhere`")
        let included = #expect(throws: AppBuild.Failure.self) { try build { $0.included = ["nothing_like_it"] } }
        #expect(included?.message.contains("No module named 'nothing_like_it', which `--include` names") == true)
        #expect(
            !PythonProgram.isModuleName("a-b") && !PythonProgram.isModuleName("a..b")
                && PythonProgram.isModuleName("a.b_1"))
    }

    @Test func `an import that does not end, or takes too much, is stopped`() throws {
        let endless = #expect(throws: AppBuild.Failure.self) {
            try build("while True: pass\n") { $0.limits.timeout = .seconds(2) }
        }
        #expect(
            endless?.message.contains("the app `app` cannot be made a component: ") == true, "\(endless?.message ?? "")"
        )
        let greedy = #expect(throws: AppBuild.Failure.self) {
            try build("kept = bytearray(200 << 20)\n") { $0.limits.maximumMemory = 100 << 20 }
        }
        #expect(greedy?.message.contains("MemoryError") == true, "\(greedy?.message ?? "")")
    }

    @Test func `an app reads its folders and nothing else, and changes nothing`() throws {
        let component = try build(
            """
            import os
            found = [open('/app/1/data.txt').read()]
            for path in ('/app/1/new.txt', '/etc/passwd', '/'):
                try: open(path, 'a').close()
                except OSError as error: found.append(error.strerror)
            """ + "\n" + Self.app, ["data.txt": "read"]
        ).component
        #expect(try run(component, "found[0], len(found)") == "('read', 4)")
    }
}
