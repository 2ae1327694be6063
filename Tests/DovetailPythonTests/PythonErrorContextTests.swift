// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Error contexts, which are texts in Python, both ways.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonErrorContextTests {
    private static let component = Result {
        try AppBuild(
            files: [
                "app.py": """
                import asyncio
                import wit_world
                from componentize_py_types import Err, ErrorContext
                from wit_world import option_error_context_stream
                from wit_world.imports import reports

                def worded(context):
                    return ErrorContext(f"{context.debug_message}, {type(context).__name__}")

                class WitWorld(wit_world.WitWorld):
                    def told(self, context):
                        return worded(reports.passed(context))
                    def checked(self, text):
                        try:
                            return reports.checked([ErrorContext("one"), ErrorContext(text)])
                        except Err as error:
                            raise Err(worded(error.value)) from None
                    def all(self, count):
                        return [ErrorContext(f"é{number}") for number in range(count)]
                    def wrong(self, text):
                        return str(reports.passed(text))
                    async def later(self, context):
                        first, second = await asyncio.gather(reports.later(context), reports.later(ErrorContext("other")))
                        return ErrorContext(f"{first}, {second}")
                    async def lines(self, count):
                        writer, reader = option_error_context_stream()
                        async def write():
                            with writer:
                                await writer.write_all([ErrorContext(str(n)) if n % 2 else None for n in range(count)])
                        task = asyncio.create_task(write())
                        tasks.add(task)
                        task.add_done_callback(tasks.discard)
                        return reader
                tasks = set()
                """
            ],
            wit: """
                package a:b;
                interface reports {
                    passed: func(context: error-context) -> error-context;
                    checked: func(items: list<error-context>) -> result<string, error-context>;
                    later: async func(context: error-context) -> error-context;
                }
                world w {
                    import reports;
                    export told: func(context: error-context) -> error-context;
                    export checked: func(text: string) -> result<string, error-context>;
                    export all: func(count: u32) -> list<error-context>;
                    export wrong: func(text: string) -> string;
                    export later: async func(context: error-context) -> error-context;
                    export lines: async func(count: u32) -> stream<option<error-context>>;
                }
                """
        ).build().component
    }

    private func instance(errors: OutputCollector = OutputCollector()) throws -> Instance {
        try AppBuild.instance(of: try Self.component.get(), WASIConfiguration(standardError: .collected(errors))) {
            linker, _ in
            linker.define("passed", in: "a:b/reports") { (_: Caller, context: ErrorContextValue) in
                ErrorContextValue("passed " + context.debugMessage)
            }
            linker.define("checked", in: "a:b/reports") {
                (_: Caller, items: [ErrorContextValue]) -> Result<String, ErrorContextValue> in
                let text = items.map(\.debugMessage).joined(separator: ", ")
                return text.hasSuffix("bad") ? .failure(ErrorContextValue(text)) : .success(text)
            }
            linker.define("later", in: "a:b/reports") {
                (_: Caller, context: ErrorContextValue) async -> ErrorContextValue in
                await Task.yield()
                return ErrorContextValue("later " + context.debugMessage)
            }
        }
    }

    @Test func `they go into calls and come back, and leave no handle behind`() throws {
        let instance = try instance()
        let told = try instance.function("told").typed(as: ((ErrorContextValue) -> ErrorContextValue).self)
        let all = try instance.function("all").typed(as: ((UInt32) -> [ErrorContextValue]).self)
        let before = instance.handles.count
        for _ in 0..<100 {
            #expect(try told(ErrorContextValue("näme")).debugMessage == "passed näme, ErrorContext")
        }
        #expect(try all(200).map(\.debugMessage) == (0..<200).map { "é\($0)" })
        // What the last call has returned goes when the next one comes.
        #expect(try all(0).isEmpty)
        #expect(instance.handles.count == before)
    }

    @Test func `they are the error of a result`() throws {
        let instance = try instance()
        let checked = try instance.function("checked").typed(as: ((String) -> Result<String, ErrorContextValue>).self)
        #expect(try checked("good") == .success("one, good"))
        #expect(try checked("bad") == .failure(ErrorContextValue("one, bad, ErrorContext")))
    }

    @Test func `something else in their place is named`() throws {
        let errors = OutputCollector()
        let wrong = try instance(errors: errors).function("wrong")
        #expect(throws: Trap.self) { try wrong.call(.string("text")) }
        #expect(
            errors.text.hasSuffix("TypeError: expected ErrorContext, found str\nin `context` of `passed`\n"),
            "\(errors.text)")
    }

    @Test func `they go through async functions and streams`() async throws {
        let instance = try instance()
        let later = try instance.function("later").typed(as: ((ErrorContextValue) -> ErrorContextValue).self)
        let before = instance.handles.count
        for _ in 0..<10 {
            #expect(try await later.callAsync(ErrorContextValue("x")).debugMessage == "later x, later other")
        }
        #expect(instance.handles.count == before)
        let lines = try instance.function("lines").typed(as: ((UInt32) -> StreamReader<ErrorContextValue?>).self)
        var found: [String?] = []
        for try await line in try await lines.callAsync(5) { found.append(line?.debugMessage) }
        #expect(found == [nil, "1", nil, "3", nil])
    }
}
