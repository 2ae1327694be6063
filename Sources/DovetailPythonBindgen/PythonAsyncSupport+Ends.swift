// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

extension PythonSupport {
    /// The ends of streams and futures, which are in one module with the loop.
    static let ends = #"""
        # Streams and futures


        class _End:
            """An end of a stream or future. It is dropped with its object, or at the end of a `with`."""
            __slots__ = ("_transfer", "_handle", "_is_busy", "__weakref__")
            _drop_operation = _DROP_READABLE

            def __init__(self, transfer, handle):
                self._transfer = transfer
                self._handle = handle
                self._is_busy = False

            def __class_getitem__(cls, _):
                return cls

            def __enter__(self):
                return self

            def __exit__(self, *_):
                self._drop()

            def __del__(self):
                if not self._is_busy:
                    self._drop()

            def _drop(self):
                if self._is_busy:
                    raise RuntimeError("an end cannot be dropped while it is being read or written")
                handle, self._handle = self._handle, None
                if handle is not None:
                    _dovetail.transfer(self._drop_operation, self._transfer, handle)

            def _begin(self):
                if self._handle is None:
                    raise ValueError("the end was given away or dropped")
                if self._is_busy:
                    raise RuntimeError("the end is being read or written already")
                return self._handle

            def _give(self):
                """Whether it can be given away, otherwise why not."""
                if self._is_busy:
                    raise RuntimeError("an end cannot be given away while it is being read")

            async def _copy(self, code, cancel):
                """Waits for a copy to end: its code, what was read, whether the task was cancelled."""
                transfer, handle = self._transfer, self._handle

                def end(code):
                    self._is_busy = False
                    return code, _dovetail.copied(handle, self._count(code))

                if code != _BLOCKED:
                    return *end(code), False
                self._is_busy = True
                (code, items), is_cancelled = await _wait(handle, lambda: _dovetail.transfer(cancel, transfer, handle), end)
                return code, items, is_cancelled


        class _Reader(_End):
            __slots__ = ("writer_dropped", "_left")

            def __init__(self, transfer, handle):
                super().__init__(transfer, handle)
                self.writer_dropped = False
                self._left = self._nothing

            def _count(self, code):
                return code >> 4

            def _give(self):
                super()._give()
                if self._left:
                    raise ValueError("the stream cannot be given away: some of its items were read ahead")
                if self.writer_dropped:
                    raise ValueError("the stream cannot be given away: it has ended")

            async def read(self, max_count):
                """Waits for items, and gives some, up to `max_count`; none when the writer has gone."""
                if max_count < 1:
                    raise ValueError(f"expected a count from 1, found {max_count}")
                if not self._left and not self.writer_dropped:
                    # More is not kept room for at a time.
                    code = _dovetail.read(self._transfer, self._begin(), min(max_count, self._most))
                    code, items, is_cancelled = await self._copy(code, _CANCEL_READ)
                    self.writer_dropped = code & 15 == _DROPPED
                    self._left = items
                    if is_cancelled:
                        # The next one to read has them.
                        raise asyncio.CancelledError
                items, self._left = self._left[:max_count], self._left[max_count:]
                return items

            def __aiter__(self):
                return self


        class StreamReader(_Reader):
            """The end of a stream that is read."""
            __slots__ = ()
            _nothing = []
            _most = 4096

            async def __anext__(self):
                items = await self.read(1) if self._left else await self._read_some()
                if not items:
                    raise StopAsyncIteration
                return items[0]

            async def _read_some(self):
                items = await self.read(256)
                self._left = items[1:] + self._left
                return items[:1]


        class ByteStreamReader(_Reader):
            """The end of a stream of bytes that is read."""
            __slots__ = ()
            _nothing = b""
            _most = 1 << 20

            async def __anext__(self):
                some = await self.read(65536)
                if not some:
                    raise StopAsyncIteration
                return some


        class _Writer(_End):
            __slots__ = ("reader_dropped",)
            _drop_operation = _DROP_WRITABLE

            def __init__(self, transfer, handle):
                super().__init__(transfer, handle)
                self.reader_dropped = False

            def _count(self, code):
                return code >> 4

            async def write(self, items):
                """Waits until somebody has read some of the items; how many."""
                handle = self._begin()
                if self.reader_dropped or not len(items):
                    return 0
                _, code = _dovetail.write(self._transfer, handle, items[:self._most])
                code, _, is_cancelled = await self._copy(code, _CANCEL_WRITE)
                self.reader_dropped = code & 15 == _DROPPED
                if is_cancelled:
                    raise asyncio.CancelledError
                return code >> 4

            async def write_all(self, items):
                """Waits until all items were read, or the reader has gone; how many were read."""
                total = 0
                while total < len(items) and not self.reader_dropped:
                    total += await self.write(items[total:total + self._most])
                return total


        class StreamWriter(_Writer):
            """The end of a stream that is written."""
            __slots__ = ()
            _most = 4096


        class ByteStreamWriter(_Writer):
            """The end of a stream of bytes that is written."""
            __slots__ = ()
            _most = 1 << 20


        class FutureReader(_End):
            """The end of a future that is read, once."""
            __slots__ = ()

            def _count(self, code):
                return 1 if code == _COMPLETED else 0

            async def read(self):
                """Waits for the value."""
                code = _dovetail.read(self._transfer, self._begin(), 1)
                code, items, is_cancelled = await self._copy(code, _CANCEL_READ)
                if is_cancelled:
                    if items:
                        self._drop()
                    raise asyncio.CancelledError
                self._drop()
                if not items:
                    raise EOFError("the future was dropped and has no value")
                return items[0]

            def __await__(self):
                return self.read().__await__()


        class FutureWriter(_End):
            """The end of a future that is written, once; when it is dropped before, its default value is."""
            __slots__ = ("_default",)
            _drop_operation = _DROP_WRITABLE

            def __init__(self, transfer, handle, default):
                super().__init__(transfer, handle)
                self._default = default

            def _count(self, code):
                return 1 if code == _COMPLETED else 0

            async def write(self, value):
                """Waits until somebody has read the value; False when the reader has gone."""
                _, code = _dovetail.write(self._transfer, self._begin(), [value])
                code, _, is_cancelled = await self._copy(code, _CANCEL_WRITE)
                if code in (_COMPLETED, _DROPPED):
                    self._default = None
                    self._drop()
                if is_cancelled:
                    raise asyncio.CancelledError
                return code == _COMPLETED

            def _drop(self):
                default, self._default = self._default, None
                if default is None or self._handle is None:
                    super()._drop()
                    return
                # Nothing else was written, and a future has to be.
                transfer, handle = self._transfer, self._begin()
                _, code = _dovetail.write(transfer, handle, [default()])
                self._handle = None
                if code != _BLOCKED:
                    _dovetail.copied(handle, self._count(code))
                    _dovetail.transfer(_DROP_WRITABLE, transfer, handle)
                    return
                call = _loop._of(_owner.get(None))
                if call is None or not call.number:
                    # It is there to be read; whoever writes is not told any more.
                    return
                future = _loop.create_future()
                call.await_(handle, future)
                call.tasks.add(future)

                def end(future):
                    call.tasks.discard(future)
                    _dovetail.copied(handle, 1 if future.result() == _COMPLETED else 0)
                    _dovetail.transfer(_DROP_WRITABLE, transfer, handle)

                future.add_done_callback(end)


        def make_stream(transfer):
            ends = _dovetail.transfer(_NEW, transfer, 0)
            reader = _dovetail.reader(transfer, ends & 0xFFFFFFFF)
            writer = ByteStreamWriter if isinstance(reader, ByteStreamReader) else StreamWriter
            return writer(transfer, ends >> 32), reader


        def make_future(transfer, default):
            ends = _dovetail.transfer(_NEW, transfer, 0)
            return FutureWriter(transfer, ends >> 32, default), FutureReader(transfer, ends & 0xFFFFFFFF)

        """#
}
