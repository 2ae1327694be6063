// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

extension PythonSupport {
    /// The modules of tasks, streams and futures, imported where something in the world waits, or the app uses `asyncio`.
    ///
    /// The event loop is one for `asyncio`, so what is written for that works. componentize-py's names lead to the same classes.
    static let asyncFiles: [(name: String, text: String)] = [
        ("dovetail_async.py", calls + loop + ends), ("dovetail_async.pyi", loopStub),
        ("componentize_py_async_support/__init__.py", support),
        ("componentize_py_async_support/streams.py", streams), ("componentize_py_async_support/futures.py", futures),
    ]

    private static let support = #"""
        """Tasks, under the name that componentize-py has for it."""

        from dovetail_async import spawn as spawn

        """#

    private static let streams = #"""
        """Streams, under the name that componentize-py has for them."""

        from dovetail_async import (
            ByteStreamReader as ByteStreamReader, ByteStreamWriter as ByteStreamWriter, StreamReader as StreamReader,
            StreamWriter as StreamWriter)

        """#

    private static let futures = #"""
        """Futures, under the name that componentize-py has for them."""

        from dovetail_async import FutureReader as FutureReader, FutureWriter as FutureWriter

        """#

    private static let loopStub = #"""
        from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Sequence
        from asyncio import Task
        from asyncio.selector_events import BaseSelectorEventLoop
        from types import TracebackType
        from typing import Any, Generic, Protocol, Self, TypeVar

        T = TypeVar("T")

        class _Imported(Protocol):
            def __call__(self, *arguments: object) -> Awaitable[T]: ...

        class PollableLoop(BaseSelectorEventLoop):
            """The event loop: it waits for calls of others, for sockets and time, and for pollables of WASI 0.2."""
            def __init__(self) -> None: ...

        def imported(interface: str, name: str, /) -> _Imported: ...
        def make_stream(transfer: int, /) -> T: ...  # type: ignore[type-var]
        def make_future(transfer: int, default: Callable[[], object], /) -> T: ...  # type: ignore[type-var]

        def spawn(coroutine: Coroutine[Any, Any, T]) -> Task[T]:
            """Starts a task that belongs to the running call, which goes on until it has ended."""

        class _End:
            def __enter__(self) -> Self: ...
            def __exit__(
                self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None,
            ) -> None: ...

        class StreamReader(_End, Generic[T]):
            """The end of a stream that is read. It is dropped with its object, or at the end of a `with`."""
            writer_dropped: bool
            async def read(self, max_count: int) -> list[T]:
                """Waits for items, and gives some, up to `max_count`; none when the writer has gone."""
            def __aiter__(self) -> AsyncIterator[T]: ...

        class ByteStreamReader(_End):
            """The end of a stream of bytes that is read. It is dropped with its object, or at the end of a `with`."""
            writer_dropped: bool
            async def read(self, max_count: int) -> bytes:
                """Waits for bytes, and gives some, up to `max_count`; none when the writer has gone."""
            def __aiter__(self) -> AsyncIterator[bytes]: ...

        class StreamWriter(_End, Generic[T]):
            """The end of a stream that is written. It is dropped with its object, or at the end of a `with`."""
            reader_dropped: bool
            async def write(self, items: Sequence[T]) -> int:
                """Waits until somebody has read some of the items; how many."""
            async def write_all(self, items: Sequence[T]) -> int:
                """Waits until all items were read, or the reader has gone; how many were read."""

        class ByteStreamWriter(_End):
            """The end of a stream of bytes that is written. It is dropped with its object, or at the end of a `with`."""
            reader_dropped: bool
            async def write(self, items: bytes | bytearray | memoryview) -> int:
                """Waits until somebody has read some of the bytes; how many."""
            async def write_all(self, items: bytes | bytearray | memoryview) -> int:
                """Waits until all bytes were read, or the reader has gone; how many were read."""

        class FutureReader(_End, Generic[T]):
            """The end of a future that is read, once. It is dropped with its object, or at the end of a `with`."""
            async def read(self) -> T:
                """Waits for the value."""
            def __await__(self) -> Generator[Any, None, T]: ...

        class FutureWriter(_End, Generic[T]):
            """The end of a future that is written, once; when it is dropped before, its default value is."""
            async def write(self, value: T) -> bool:
                """Waits until somebody has read the value; False when the reader has gone."""

        """#
}
