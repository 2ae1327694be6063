// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBindgen
import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import DovetailWIT
import DovetailWITReader
import Testing

@testable import DovetailPython

/// NumPy and pandas as they are in the user's cache. They are built only where somebody wants that, by `DOVETAIL_NATIVE_PACKAGES=1`: it takes
/// three and five minutes.
enum RealPackages {
    static let numpy = site(of: "matrix-service")
    static let pandas = site(of: "pandas-report")

    private static func site(of example: String) -> WheelSite? {
        guard let toolchain = RealToolchain.toolchain, let carrier = RealCarrier.carrier else { return nil }
        let builds = ThisProcess.variable("DOVETAIL_NATIVE_PACKAGES") == "1"
        do throws(PythonError) {
            let packages = try toolchain.resolve([], files: [TestFiles.example("\(example)/requirements.txt")])
            let builder = WheelBuilder(toolchain, for: carrier, builds: builds)
            return try builder.site(of: try builder.wheels(of: packages))
        } catch {
            print("the packages of \(example) are not tested: \(error)")
            return nil
        }
    }
}

@Suite("Components with NumPy and pandas", .serialized)
struct NativePackageTests {
    private static let world = "package a:b; world w { export run: func(code: string) -> string; }"

    private func text(_ name: String) throws -> String {
        String(decoding: try TestFiles.bytes(TestFiles.example(name)), as: UTF8.self)
    }

    private func evaluate(_ expressions: [String], importing names: String, _ site: WheelSite) throws -> [String] {
        let app = """
            import ctypes, mmap
            \(names)
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    try:
                        return str(eval(code))
                    except Exception as error:
                        return f"{type(error).__name__}: {error}"
            """
        var build = AppBuild(files: ["app.py": app], wit: Self.world)
        build.folders.append(site.folder)
        let made = try build.build()
        let instance = try AppBuild.instance(of: made.component) { _, _ in }
        let run = try instance.function("run")
        return try expressions.map { expression in
            guard case .string(let text)? = try run.call([.string(expression)]) else { return "?" }
            return text
        }
    }

    @Test(
        "NumPy computes as it does elsewhere, and says what it cannot",
        .enabled(if: RealPackages.numpy != nil, "NumPy is not in the wheel cache (`dovetail wheel numpy==2.5.5`)"))
    func numpy() throws {
        let cases = [
            ("np.__version__", "2.5.5"),
            ("np.__config__.CONFIG['Build Dependencies']['blas']['found']", "True"),
            ("(np.arange(6.0).reshape(2, 3) @ np.arange(6.0).reshape(3, 2)).tolist()", "[[10.0, 13.0], [28.0, 40.0]]"),
            ("np.linalg.solve(np.array([[3.0, 1], [1, 2]]), np.array([9.0, 8])).round(9).tolist()", "[2.0, 3.0]"),
            ("np.linalg.inv(np.zeros((2, 2)))", "LinAlgError: Singular matrix"),
            ("np.fft.fft([1, 0, 0, 0]).real.tolist()", "[1.0, 1.0, 1.0, 1.0]"),
            ("np.random.default_rng(7).integers(0, 100, 4).tolist()", "[94, 62, 68, 89]"),
            (
                "np.sort(np.array([3, 1, 2])).tolist(), float(np.sin(0.5).round(6)), np.array(['b', 'a']).tolist()",
                "([1, 2, 3], 0.479426, ['b', 'a'])"
            ),
            (
                "(np.datetime64('2026-02-27') + np.arange(3)).astype(str).tolist()",
                "['2026-02-27', '2026-02-28', '2026-03-01']"
            ),
            ("np.array([1.0, 2.0]).ctypes.data > 0, ctypes.c_int(3).value", "(True, 3)"),
            (
                "ctypes.CDLL('libm.so')",
                "NotImplementedError: `ctypes.CDLL` is not there: a component has no libraries that ctypes could call"
            ),
            (
                "mmap.mmap(-1, 10)",
                "NotImplementedError: `mmap.mmap` is not there: a component cannot have files as memory; read them"
            ),
            ("np.add.__doc__ is not None, np.reshape.__doc__", "(True, None)"),
        ]
        let site = try #require(RealPackages.numpy)
        let results = try evaluate(cases.map(\.0), importing: "import numpy as np, numpy.fft, numpy.random", site)
        for (result, item) in zip(results, cases) { #expect(result == item.1, "\(item.0)") }
        #expect(site.leftOut.contains { $0.hasPrefix("numpy-2.5.5") && $0.contains("tests, headers") })
    }

    @Test(
        "a component that imports CPython and NumPy's code is small",
        .enabled(if: RealPackages.numpy != nil, "NumPy is not in the wheel cache (`dovetail wheel numpy==2.5.5`)"))
    func shared() throws {
        let app = """
            import numpy as np
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def run(self, code):
                    return str(eval(code))
            """
        var build = AppBuild(files: ["app.py": app], wit: Self.world)
        build.folders.append(try #require(RealPackages.numpy).folder)
        build.sharesPython = true
        let component = try build.build().component
        #expect(component.count <= 8_000_000, "\(component.count)")
        let run = try AppBuild.instance(of: component) { _, _ in }.function("run")
        for (expression, result) in [
            ("np.linalg.inv(np.array([[2.0, 1], [1, 3]])).round(9).tolist()", "[[0.6, -0.2], [-0.2, 0.4]]"),
            (
                "np.array(['b', 'a']).tolist(), np.dtype('f4').name, repr(np.float32(1.5))",
                "(['b', 'a'], 'float32', 'np.float32(1.5)')"
            ),
        ] { #expect(try run.call([.string(expression)]) == .string(result), "\(expression)") }
    }

    @Test(
        "exponentials and logarithms of NumPy are as exact as elsewhere, and warn",
        .enabled(if: RealPackages.numpy != nil, "NumPy is not in the wheel cache (`dovetail wheel numpy==2.5.5`)"))
    func exponentials() throws {
        let imports = """
            import math
            from decimal import Decimal, localcontext
            import numpy as np

            def worst(name, first, last, spaced=np.linspace):
                # In units in the last place; the same wherever a number stands.
                function, numbers = getattr(np, name), spaced(first, last, 1001)
                results = function(numbers).tolist()
                assert function(np.repeat(numbers, 3)[::3]).tolist() == results
                assert [function(numbers[place:place + 1])[0] for place in range(0, 1001, 7)] == results[::7]
                in_place = numbers.copy()
                assert function(in_place, out=in_place).tolist() == results
                with localcontext(prec=40) as context:
                    exact = [getattr(Decimal(number), {"exp": "exp", "log": "ln"}[name])(context) for number in numbers.tolist()]
                    return max(abs(Decimal(result) - other) / Decimal(math.ulp(result)) for result, other in zip(results, exact))

            def quietly(name, *numbers):
                with np.errstate(all="ignore"):
                    return getattr(np, name)(np.array(numbers)).tolist()

            def strictly(name, *numbers):
                with np.errstate(all="raise"):
                    return getattr(np, name)(np.array(numbers)).tolist()
            """
        let cases = [
            ("worst('exp', -0.01, 0.01) < Decimal('0.53')", "True"),
            ("worst('exp', -699.9, 699.9) < Decimal('0.53')", "True"),
            ("worst('exp', 700, 709.7) < Decimal('0.53')", "True"),
            ("worst('exp', -745, -700) < Decimal('0.53')", "True"),
            ("worst('log', 0.9, 1.1) < Decimal('0.53')", "True"),
            ("worst('log', 1e-320, 1e-300) < Decimal('0.53')", "True"),
            ("worst('log', 1e-300, 1e300, np.geomspace) < Decimal('0.53')", "True"),
            ("quietly('exp', np.inf, -np.inf, np.nan, 710, -746, 0, -0.0)", "[inf, 0.0, nan, inf, 0.0, 1.0, 1.0]"),
            ("quietly('log', np.inf, -np.inf, np.nan, 0, -0.0, 1, -1)", "[inf, nan, nan, -inf, -inf, 0.0, nan]"),
            ("strictly('exp', 1, np.inf, -np.inf, np.nan)", "[2.718281828459045, inf, 0.0, nan]"),
            ("strictly('exp', 1, 710)", "FloatingPointError: overflow encountered in exp"),
            ("strictly('exp', -746, 1)", "FloatingPointError: underflow encountered in exp"),
            ("strictly('log', 1, 0, 1)", "FloatingPointError: divide by zero encountered in log"),
            ("strictly('log', -1)", "FloatingPointError: invalid value encountered in log"),
        ]
        let results = try evaluate(cases.map(\.0), importing: imports, try #require(RealPackages.numpy))
        for (result, item) in zip(results, cases) { #expect(result == item.1, "\(item.0)") }
    }

    @Test(
        "pandas answers what it answers on other machines",
        .enabled(if: RealPackages.pandas != nil, "pandas is not in the wheel cache (`dovetail wheel pandas==3.1.1`)"))
    func pandas() throws {
        // What pandas 3.1.1 says on Linux.
        let cases = [
            (
                "d.groupby('k')['n'].agg(['sum', 'mean']).to_csv()",
                "k,sum,mean\na,8,4.0\nb,5,2.5\nc,2,2.0\n"
            ),
            (
                "d.describe().round(3).to_json()",
                "{\"n\":{\"count\":5.0,\"mean\":3.0,\"std\":1.581,\"min\":1.0,\"25%\":2.0,\"50%\":3.0,\"75%\":4.0,\"max\":5.0},\"x\":{\"count\":4.0,\"mean\":2.125,\"std\":1.493,\"min\":0.5,\"25%\":1.25,\"50%\":2.0,\"75%\":2.875,\"max\":4.0}}"
            ),
            (
                "d.merge(pd.DataFrame({'k': ['a', 'c'], 'w': [10, 30]}), how='left').to_csv(index=False)",
                "k,n,x,w\na,3,1.5,10.0\nb,1,,\nc,2,2.5,30.0\na,5,0.5,10.0\nb,4,4.0,\n"
            ),
            (
                "d.pivot_table(index='k', values='x', aggfunc='max').to_dict()",
                "{'x': {'a': 1.5, 'b': 4.0, 'c': 2.5}}"
            ),
            (
                "d.sort_values(['k', 'n'], ascending=[True, False]).index.tolist()",
                "[3, 0, 4, 1, 2]"
            ),
            (
                "d['x'].interpolate().rolling(2).mean().tolist()",
                "[nan, 1.75, 2.25, 1.5, 2.25]"
            ),
            (
                "pd.date_range('2026-02-27', periods=3, freq='D').strftime('%d.%m.%Y').tolist()",
                "['27.02.2026', '28.02.2026', '01.03.2026']"
            ),
            (
                "pd.Series(range(48), index=pd.date_range('2026-01-01', periods=48, freq='h')).resample('D').sum().to_dict()",
                "{Timestamp('2026-01-01 00:00:00'): 276, Timestamp('2026-01-02 00:00:00'): 852}"
            ),
            (
                "pd.read_csv(io.StringIO('a,b\\n1,x\\n2,\\n')).isna().sum().to_dict()",
                "{'a': 0, 'b': 1}"
            ),
            (
                "pd.Series(['Ab', 'cd', None]).str.upper().tolist()",
                "['AB', 'CD', nan]"
            ),
            (
                "pd.cut(d['n'], 2).astype(str).tolist()",
                "['(0.996, 3.0]', '(0.996, 3.0]', '(0.996, 3.0]', '(3.0, 5.0]', '(3.0, 5.0]']"
            ),
            (
                "d.set_index('k').stack().round(2).to_list()",
                "[3.0, 1.5, 1.0, nan, 2.0, 2.5, 5.0, 0.5, 4.0, 4.0]"
            ),
            (
                "pd.Series(['b', 'a', 'b'], dtype='category').cat.codes.tolist()",
                "[1, 0, 1]"
            ),
            (
                "pd.to_datetime(['2026-11-29 16:00']).tz_localize('UTC').tz_convert('Europe/Berlin')[0].isoformat()",
                "2026-11-29T17:00:00+01:00"
            ),
            (
                "d.eval('n * 2 + 1').tolist()",
                "[7, 3, 5, 11, 9]"
            ),
            (
                "pd.Timedelta('1 days 02:03:04').total_seconds()",
                "93784.0"
            ),
        ]
        let imports = """
            import io
            import pandas as pd
            # The files of time zones are not there later.
            pd.Timestamp(0, tz="Europe/Berlin")
            d = pd.DataFrame({"k": list("abcab"), "n": [3, 1, 2, 5, 4], "x": [1.5, None, 2.5, 0.5, 4.0]})
            """
        let results = try evaluate(cases.map(\.0), importing: imports, try #require(RealPackages.pandas))
        for (result, item) in zip(results, cases) { #expect(result == item.1, "\(item.0)") }
    }

    /// Asks the service of matrices, out of a pool of instances as `dovetail serve` has one.
    private func multiply(with module: String, in folders: [String]) async throws {
        let carrier = try #require(RealCarrier.carrier)
        let input = try WIT.resolve(WITLoader.load(TestFiles.example("matrix-service/wit")))
        let world = try Bindgen.world(nil, in: input.graph, root: input.root)
        let app = PythonProgram(module: module, folders: folders)
        let built = try PythonComponentizer(carrier).component(
            of: app, world: world, in: input.graph, engine: try AppBuild.engine.get())
        var configuration = Engine.Configuration()
        configuration.allocation = .pooling(maximumInstances: 4, maximumMemory: 4 << 30)
        let handler = try ComponentHandler(try Component(engine: try Engine(configuration), bytes: built.component))
        for (text, status, answer) in [
            ("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", 200, "[[19.0, 22.0], [43.0, 50.0]]\n"),
            ("[[[1, 2]], [[3, 4]]]", 400, ""),
        ] {
            let (response, body) = try await handler.respond(
                to: HTTPRequest(method: "POST", scheme: "http", authority: "a.test", pathWithQuery: "/multiply"),
                body: HTTPBody(text))
            #expect(Int(response.status) == status)
            let bytes = try await body.collect(limit: 10_000)
            #expect(status != 200 || String(decoding: bytes, as: UTF8.self) == answer)
        }
    }

    @Test(
        "matrices are multiplied over HTTP by NumPy",
        .enabled(if: RealPackages.numpy != nil, "NumPy is not in the wheel cache (`dovetail wheel numpy==2.5.5`)"))
    func matrices() async throws {
        try await multiply(
            with: "numpy_app", in: [TestFiles.example("matrix-service"), try #require(RealPackages.numpy).folder])
    }

    @Test(
        "pandas answers requests over HTTP",
        .enabled(if: RealPackages.pandas != nil, "pandas is not in the wheel cache (`dovetail wheel pandas==3.1.1`)"))
    func frames() async throws {
        let text = """
            import app
            import pandas as pd
            from app import IncomingHandler
            def multiply(left, right):
                return pd.DataFrame(left, dtype=float).dot(pd.DataFrame(right, dtype=float)).values.tolist()
            app.multiply = multiply
            multiply([[1]], [[1]])
            """
        try await ScratchFolder.with { folder in
            try folder.write(text.utf8, to: "pandas_app.py")
            let folders = [folder.path, TestFiles.example("matrix-service")]
            try await multiply(with: "pandas_app", in: folders + [try #require(RealPackages.pandas).folder])
        }
    }

    @Test(
        "a report is made by pandas of records, and of CSV",
        .enabled(if: RealPackages.pandas != nil, "pandas is not in the wheel cache (`dovetail wheel pandas==3.1.1`)"))
    func report() throws {
        var build = AppBuild(
            files: ["app.py": try text("pandas-report/app.py")], wit: try text("pandas-report/wit/world.wit"))
        build.folders.append(try #require(RealPackages.pandas).folder)
        let instance = try AppBuild.instance(of: try build.build().component) { _, _ in }
        func record(_ fields: [(String, Value)]) -> Value {
            .record(fields.map { RecordField(name: $0.0, value: $0.1) })
        }
        let csv = """
            day,region,product,units,price
            2026-10-30,north,tea,3,4.5
            2026-11-02,north,tea,,4.5
            2026-11-03,north,milk,10,1.25
            2026-11-04,south,tea,2,4.0
            """
        let total = { (region: String, month: String, units: UInt32, revenue: Double, best: String) in
            record([
                ("region", .string(region)), ("month", .string(month)), ("units", .u32(units)),
                ("revenue", .f64(revenue)), ("best", .string(best)),
            ])
        }
        let expected = Value.ok(
            .list(
                .values([
                    total("north", "2026-10", 3, 13.5, "tea"), total("north", "2026-11", 11, 17.0, "milk"),
                    total("south", "2026-11", 2, 8.0, "tea"),
                ])))
        #expect(try instance.function("totals-of-csv").call([.string(csv)]) == expected)
        let sales = csv.split(separator: "\n").dropFirst().map { line -> Value in
            let words = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return record([
                ("day", .string(words[0])), ("region", .string(words[1])), ("product", .string(words[2])),
                ("units", .option(UInt32(words[3]).map { .u32($0) })), ("price", .f64(Double(words[4]) ?? 0)),
            ])
        }
        #expect(try instance.function("totals").call([.list(.values(sales))]) == expected)
        let wrong = try instance.function("totals-of-csv").call([.string("a,b\n1,2\n")])
        #expect("\(String(describing: wrong))".contains("no table of sales"))
    }
}
