// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes

extension PythonPackage {
    /// The module `poll_loop` and its stub: for worlds with streams and HTTP of WASI 0.2, under the names that componentize-py has
    /// for what waits there. Other worlds have none.
    func pollLoop() -> [(name: String, text: String)] {
        guard let modules = httpModules() else { return [] }
        let names = [
            (modules.handler, "outgoing_handler"), (modules.poll, "poll"), (modules.streams, "streams"),
            (modules.types, "types"),
        ]
        let imports = names.map { "from \(guest.package).imports import \($0.0) as \($0.1)\n" }.joined()
        return [
            (
                "poll_loop.py",
                Self.documentation + "\nimport dovetail_async\nfrom componentize_py_types import Err\n" + imports
                    + Self.code
            ),
            (
                "poll_loop.pyi",
                "from dovetail_async import PollableLoop\n" + imports + Self.stub
            ),
        ]
    }

    /// The modules of what a world needs for sending HTTP of WASI 0.2 and waiting for it; `nil` where it does not import all of it.
    func httpModules() -> (poll: String, streams: String, types: String, handler: String)? {
        var names: [String: String] = [:]
        for index in model.namespaces.indices {
            let namespace = model.namespaces[index]
            guard namespace.direction == .imported, let name = namespace.externName,
                name.dropFirst(Self.prefix(of: name)).hasPrefix("@0.2.")
            else { continue }
            names[String(name.prefix(Self.prefix(of: name)))] = guest.modules[index]
        }
        guard let poll = names["wasi:io/poll"], let streams = names["wasi:io/streams"],
            let types = names["wasi:http/types"], let handler = names["wasi:http/outgoing-handler"]
        else { return nil }
        return (poll, streams, types, handler)
    }

    /// The length of a name without its version.
    private static func prefix(of name: String) -> Int {
        name.firstIndex(of: "@").map { name.distance(from: name.startIndex, to: $0) } ?? name.count
    }

    private static let documentation = #"""
        """Waiting for HTTP and streams of WASI 0.2, under the names that componentize-py has for it.

        `PollLoop` is an event loop for `asyncio`: what waits for sockets, time or other tasks works in it as well.
        """

        """#

    private static let code = #"""

        READ_SIZE = 16384


        class PollLoop(dovetail_async.PollableLoop):
            pass


        async def register(loop, pollable):
            await loop.wait_for_pollable(pollable)


        async def _ready(source):
            await dovetail_async.running_loop().wait_for_pollable(source.subscribe())


        async def send(request):
            with outgoing_handler.handle(request, None) as future:
                while (answer := future.get()) is None:
                    await _ready(future)
            if isinstance(answer, Err):
                raise answer
            if isinstance(answer.value, Err):
                raise answer.value
            return answer.value.value


        class Stream:
            def __init__(self, body):
                self.body = body
                self.stream = body.stream()

            async def next(self):
                while self.stream is not None:
                    try:
                        chunk = self.stream.read(READ_SIZE)
                    except Err as error:
                        if not isinstance(error.value, streams.StreamError_Closed):
                            raise
                        self._end()
                        return None
                    if chunk:
                        return chunk
                    await _ready(self.stream)
                return None

            def _end(self):
                stream, body, self.stream, self.body = self.stream, self.body, None, None
                stream.__exit__(None, None, None)
                # Trailers are for those who ask for them.
                types.IncomingBody.finish(body).__exit__(None, None, None)

            async def __aiter__(self):
                while (chunk := await self.next()) is not None:
                    yield chunk


        class Sink:
            def __init__(self, body):
                self.body = body
                self.stream = body.write()

            async def _room(self):
                while not (room := self.stream.check_write()):
                    await _ready(self.stream)
                return room

            async def send(self, chunk):
                rest = memoryview(chunk)
                while rest:
                    room = await self._room()
                    self.stream.write(bytes(rest[:room]))
                    rest = rest[room:]
                await self._room()
                self.stream.flush()
                await self._room()

            def close(self):
                stream, body, self.stream, self.body = self.stream, self.body, None, None
                stream.__exit__(None, None, None)
                types.OutgoingBody.finish(body, None)

        """#

    private static let stub = #"""
        from collections.abc import AsyncIterator

        READ_SIZE: int

        class PollLoop(PollableLoop):
            """An event loop that waits for pollables of WASI 0.2, for sockets and for time."""

        async def register(loop: PollLoop, pollable: poll.Pollable) -> None:
            """Waits until the pollable is ready, and drops it."""

        async def send(request: types.OutgoingRequest) -> types.IncomingResponse:
            """Sends a request, and waits for the response.

            Raises: `componentize_py_types.Err[types.ErrorCode]`"""

        class Stream:
            """Reads a body."""
            body: types.IncomingBody | None
            stream: streams.InputStream | None
            def __init__(self, body: types.IncomingBody) -> None: ...
            async def next(self) -> bytes | None:
                """Waits for some bytes; None at the end."""
            def __aiter__(self) -> AsyncIterator[bytes]: ...

        class Sink:
            """Writes a body."""
            body: types.OutgoingBody | None
            stream: streams.OutputStream | None
            def __init__(self, body: types.OutgoingBody) -> None: ...
            async def send(self, chunk: bytes) -> None:
                """Writes bytes, and waits until they were taken."""
            def close(self) -> None:
                """Ends the body."""

        """#
}
