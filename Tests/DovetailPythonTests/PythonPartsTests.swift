// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Parts of CPython that apps do without, and those that they do not.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonPartsTests {
    private static let wit = "package a:b; world w { export run: func(code: string) -> string; }"
    /// `eval` would say that characters may be asked for by name.
    private static let app = """
        import importlib
        import wit_world
        class WitWorld(wit_world.WitWorld):
            def run(self, code):
                try:
                    return str(importlib.import_module(code).__name__)
                except ImportError as error:
                    return str(error)
        """

    private func build(_ app: String, including included: [String] = []) throws -> [UInt8] {
        var build = AppBuild(files: ["app.py": app], wit: Self.wit)
        build.included = included
        return try build.build().component
    }

    private func run(_ component: [UInt8], _ code: String = "") throws -> String {
        let instance = try AppBuild.instance(of: component) { _, _ in }
        guard case .string(let text)? = try instance.function("run").call([.string(code)]) else { return "?" }
        return text
    }

    private static let omitted = [
        "zlib", "_sqlite3", "unicodedata", "_codecs_jp", "_multibytecodec", "pyexpat", "_elementtree", "_hmac", "_sha3",
    ]

    @Test func `what no code names is left out, and missing as other modules are`() throws {
        let component = try build(Self.app)
        #expect(component.count < 8_200_000)
        for name in Self.omitted { #expect(try run(component, name) == "No module named '\(name)'") }
        #expect(try run(component, "math") == "math")
        #expect(try run(component, "_sha2") == "_sha2")
    }

    @Test func `what is asked for is there`() throws {
        let component = try build(Self.app, including: Self.omitted)
        // Some look for modules in Python themselves, which the packages around them name.
        for name in Self.omitted { #expect(try run(component, name) != "No module named '\(name)'") }
        #expect(try run(component, "zlib") == "zlib" && run(component, "_codecs_jp") == "_codecs_jp")
    }

    @Test func `a function that imports a part gets it`() throws {
        let component = try build(
            """
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    import hashlib, hmac, sqlite3, unicodedata, zlib
                    import encodings.shift_jis
                    from xml.etree import ElementTree
                    database = sqlite3.connect(":memory:")
                    database.execute("create table t (a, b)")
                    database.executemany("insert into t values (?, ?)", [(n, n * n) for n in range(10)])
                    return " ".join(map(str, [
                        zlib.decompress(zlib.compress(b"x" * 1000)).count(b"x"), unicodedata.name("ä"),
                        unicodedata.normalize("NFD", "ä").encode(), "日本".encode("shift_jis"),
                        database.execute("select sum(b) from t where a > 3").fetchone()[0],
                        ElementTree.fromstring("<a><b>c</b></a>").find("b").text,
                        hashlib.sha3_256(b"a").hexdigest()[:8], hashlib.blake2b(b"a").hexdigest()[:8],
                        hmac.new(b"a", b"b", "sha256").hexdigest()[:8]]))
            """)
        #expect(
            try run(component)
                == "1000 LATIN SMALL LETTER A WITH DIAERESIS b'a\\xcc\\x88' b'\\x93\\xfa\\x96{' 271 c 80084bf2 333fcb4e 08de3299"
        )
    }

    @Test func `so does a function of the standard library`() throws {
        let component = try build(
            """
            import io, tarfile, urllib.parse
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    file = io.BytesIO()
                    with tarfile.open(fileobj=file, mode="w|gz") as archive:
                        archive.addfile(tarfile.TarInfo("name"))
                    return f"{file.getvalue()[:2]} {urllib.parse.urlsplit('http://b\\u00fccher.example/').netloc}"
            """)
        #expect(try run(component) == "b'\\x1f\\x8b' bücher.example")
    }

    @Test func `characters by name are there where code may ask for them`() throws {
        let evaluator = try build(
            """
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code): return eval(code)
            """)
        #expect(try run(evaluator, #""\N{BULLET}""#) == "•")
        // SQLite is not there; its neighbours are.
        #expect(try run(evaluator, "__import__('io').StringIO('a\\nb', None).read(2)") == "a\n")
        #expect(try run(evaluator, "str(__import__('binascii').crc32(b'abc'))") == "891568578")
        let pattern = try build(
            """
            import re
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code): return str(re.findall(r"\\N{BULLET}", code))
            """)
        #expect(try run(pattern, "a • b") == "['•']")
    }

    @Test func `tracebacks do without the width of characters`() throws {
        let component = try build(
            """
            import linecache, traceback, types
            import wit_world
            LINE = "raise ValueError('日本')\\n"
            CODE = compile(LINE, "x.py", "single")
            linecache.cache["x.py"] = (len(LINE), None, [LINE], "x.py")
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    try:
                        types.FunctionType(CODE, {})()
                    except ValueError:
                        return traceback.format_exc().splitlines()[-2].strip()
            """)
        #expect(component.count < 10_000_000)
        #expect(try run(component).hasPrefix("raise ValueError('日本')"))
    }
}
