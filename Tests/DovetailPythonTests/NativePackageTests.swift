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
        "matrices are multiplied over HTTP by NumPy",
        .enabled(if: RealPackages.numpy != nil, "NumPy is not in the wheel cache (`dovetail wheel numpy==2.5.5`)"))
    func matrices() async throws {
        let carrier = try #require(RealCarrier.carrier)
        let input = try WIT.resolve(WITLoader.load(TestFiles.example("matrix-service/wit")))
        let world = try Bindgen.world(nil, in: input.graph, root: input.root)
        let app = PythonProgram(
            module: "numpy_app",
            folders: [TestFiles.example("matrix-service"), try #require(RealPackages.numpy).folder])
        let built = try PythonComponentizer(carrier).component(
            of: app, world: world, in: input.graph, engine: try AppBuild.engine.get())
        let handler = try ComponentHandler(try Component(engine: try Engine(), bytes: built.component))
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
