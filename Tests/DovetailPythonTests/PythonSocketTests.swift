// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Sockets of Python, and `asyncio` on them.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonSocketTests {
    private static let app = """
        import asyncio, socket
        import wit_world
        from componentize_py_types import Err

        async def serve(reader, writer):
            while chunk := await reader.read(1000):
                writer.write(chunk.upper())
                await writer.drain()
            writer.close()
            await writer.wait_closed()

        async def ask(host, port, text):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(text.encode())
            await writer.drain()
            writer.write_eof()
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            return answer.decode()

        async def main(host):
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            async with server:
                port = server.sockets[0].getsockname()[1]
                texts = [f"text {number} " * 10 ** number for number in range(5)]
                answers = await asyncio.gather(*[ask(host, port, text) for text in texts])
                assert answers == [text.upper() for text in texts], [len(answer) for answer in answers]
                reader, writer = await asyncio.open_connection(host, port)
                try:
                    async with asyncio.timeout(0.02):
                        await reader.read()
                except TimeoutError:
                    writer.close()
                    await writer.wait_closed()
                    return "too late"

        class WitWorld(wit_world.WitWorld):
            def run(self, host):
                try:
                    return asyncio.run(main(host))
                except OSError as error:
                    raise Err(f"{type(error).__name__}")

            async def wait(self, host):
                return await main(host)

            def thread(self):
                async def main():
                    return await asyncio.to_thread(lambda: socket.gethostname())
                return asyncio.run(main())
        """

    private static let component = Result {
        try AppBuild(
            files: ["app.py": app],
            wit: """
                package a:b;
                world w {
                  export run: func(host: string) -> result<string, string>;
                  export wait: async func(host: string) -> string;
                  export thread: func() -> string;
                }
                """
        ).build().component
    }

    private func instance(_ network: NetworkGrants) throws -> Instance {
        var wasi = WASIConfiguration()
        wasi.network = network
        return try AppBuild.instance(of: try Self.component.get(), wasi) { _, _ in }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `streams of asyncio reach a server in the same component`(host: String) throws {
        let instance = try instance(.everything)
        for _ in 0..<2 { #expect(try instance.function("run").call(.string(host)) == .ok(.string("too late"))) }
    }

    @Test func `async functions wait for sockets, too`() async throws {
        let instance = try instance(.everything)
        #expect(try await instance.function("wait").callAsync(.string("127.0.0.1")) == .string("too late"))
    }

    @Test func `what was not granted is an OSError`() throws {
        #expect(
            try instance(NetworkGrants()).function("run").call(.string("127.0.0.1"))
                == .error(.string("OSError")))
    }

    @Test func `functions for threads run at once`() throws {
        guard case .string? = try instance(.everything).function("thread").call() else {
            Issue.record("expected the name of the host")
            return
        }
    }
}
