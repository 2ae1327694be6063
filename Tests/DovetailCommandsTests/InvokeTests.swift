// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Testing

/// `run --invoke`: how functions are named, what goes in and what comes out.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct InvokeTests {
    private let names = TestFiles.fixture("names.wasm")
    private let echo = TestFiles.fixture("echo.wasm")
    private let faults = TestFiles.fixture("faults.wasm")

    @Test(
        "functions are found by every form of their name",
        arguments: [
            ("plain()", "2"), ("only-here()", "1"), ("first.number()", "1"), ("test:names/first.number()", "1"),
            ("test:names/second@2.1.0.number()", "2"), ("test:names/second@2.1.0#number()", "2"),
        ])
    func namesOfFunctions(call: String, result: String) async throws {
        let outcome = try await Tool.run(["run", "--invoke", call, names])
        #expect(outcome.code == 0 && outcome.output == result + "\n" && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "a wrong name is an error that names what there is",
        arguments: [
            (
                "number()",
                "`number` is ambiguous, name one of `test:names/first@1.0.0.number`, `test:names/second@2.1.0.number`"
            ),
            ("plian()", "there is no function `plian`, did you mean `plain`?"),
            ("secnd.number()", "there is no function `secnd.number`, did you mean `second.number`?"),
            ("test:names/third.number()", "there is no function `test:names/third.number`, did you mean"),
            (
                "something-else()",
                "there is no function `something-else`; it exports `test:names/first@1.0.0.number`, "
                    + "`test:names/first@1.0.0.only-here`, `test:names/second@2.1.0.number`, `plain`"
            ),
        ])
    func wrongNames(call: String, error: String) async throws {
        let outcome = try await Tool.run(["run", "--invoke", call, names])
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("error: " + error), "\(outcome.errors)")
    }

    @Test(
        "values of every type are read and printed",
        arguments: [
            #"text("a\tb\u{e9}")"#: #""a\tbé""#,
            "u8s([0, 255])": "[0, 255]",
            "f64s([1, -0.5, nan, inf])": "[1, -0.5, nan, inf]",
            "chars(['a', '\\''])": "['a', '\\'']",
            "colors([red, blue])": "[red, blue]",
            "fews([{}, {c, a}])": "[{}, {a, c}]",
            "points([{x: 1.5, y: 2, color: some(green)}])": "[{x: 1.5, y: 2, color: some(green)}]",
            "shapes([nothing, text(\"x\")])": "[nothing, text(\"x\")]",
            "results([ok, err(7)])": "[ok, err(7)]",
            "tuples([(1, 2, -3, true)])": "[(1, 2, -3, true)]",
            "fixed([[1, 2, 3]])": "[[1, 2, 3]]",
            #"mapped({"a": nothing})"#: #"{"a": nothing}"#,
        ])
    func values(call: String, result: String) async throws {
        let outcome = try await Tool.run(["run", "--invoke", call, echo])
        #expect(outcome.code == 0 && outcome.output == result + "\n" && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "wrong arguments are an error that says what was expected",
        arguments: [
            ("divide(1)", "cannot call `divide`: "), ("divide(1, 2, 3)", "cannot call `divide`: "),
            ("divide(1, \"2\")", "cannot call `divide`: "), ("divide(1, 99999999999)", "is not in the range of s32"),
            ("place-order({id: \"a\"})", "`items`"),
            ("place-order({id: \"a\", items: [{name: \"b\", price: none, kind: medium}]})", "`medium`"),
            ("divide(1, 2", ""),
        ])
    func wrongArguments(call: String, error: String) async throws {
        let outcome = try await Tool.run(["run", "--invoke", call, faults])
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.contains(error), "\(outcome.errors)")
    }

    @Test("a function without a result prints nothing")
    func nothingIsPrintedForNoResult() async throws {
        let outcome = try await Tool.run(["run", "--invoke", "sleep(1)", TestFiles.fixture("sleep.wasm")])
        #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    }
}
