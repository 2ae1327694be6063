"""The event loop of components, and the ends of streams and futures.

Each call of an async export has tasks of its own and a set of what they wait for. A task runs in turns of its call
only, because the host asks who returns: what another call lets go on is put into the call that it belongs to, and that
one is woken.
"""

import asyncio
import contextvars
import heapq
import sys
import time
from asyncio import events, selector_events
from collections import deque

import _dovetail
from componentize_py_types import Err

# Built-ins, as the runtime numbers them.
(_SET_NEW, _SET_DROP, _SET_POLL, _JOIN, _SUBTASK_DROP, _SUBTASK_CANCEL, _TASK_CANCEL, _CONTEXT_GET,
 _CONTEXT_SET) = range(9)
_NEW, _READ, _WRITE, _CANCEL_READ, _CANCEL_WRITE, _DROP_READABLE, _DROP_WRITABLE = range(7)
# A stream of nothing, by which calls wake one another.
_WAKE = 0xFFFFFFFF
_BLOCKED = 0xFFFFFFFF
_NONE, _SUBTASK, _TASK_CANCELLED = 0, 1, 6
_STARTED, _RETURNED = 1, 2
_COMPLETED, _DROPPED = 0, 1
_EXIT, _YIELD, _WAIT = range(3)
# How often the tasks of a call run before the host has its turn.
_ROUNDS = 64

# The call that a task belongs to.
_owner = contextvars.ContextVar("owner")
_calls = {}
_running = None
# What was scheduled while there was no call; the next one takes it.
_orphans = deque()


class _Call:
    __slots__ = (
        "loop", "number", "export", "is_result", "root", "borrowed", "ready", "tasks", "timers", "alarms", "waits",
        "set", "wake", "is_active", "is_yielding", "is_cancelled", "is_over")

    def __init__(self, loop):
        self.loop = loop
        self.number = self.set = self.wake = 0
        self.export = self.root = None
        self.borrowed = []
        self.ready = deque()
        self.tasks = set()
        self.timers = []
        self.alarms = {}
        self.waits = {}
        self.is_result = self.is_active = self.is_yielding = self.is_cancelled = self.is_over = False

    def schedule(self, handle):
        self.ready.append(handle)
        if self.is_active or self.is_yielding or self.wake or not self.number:
            return
        ends = _dovetail.transfer(_NEW, _WAKE, 0)
        self.wake = ends & 0xFFFFFFFF
        _dovetail.read(_WAKE, self.wake, 1)
        self.join(self.wake)
        _dovetail.transfer(_DROP_WRITABLE, _WAKE, ends >> 32)

    def join(self, waitable):
        if not self.set:
            self.set = _dovetail.task(_SET_NEW, 0, 0)
        _dovetail.task(_JOIN, waitable, self.set)

    def await_(self, waitable, future):
        if not self.number:
            raise RuntimeError("a function that is not async cannot wait for others")
        self.waits[waitable] = future
        self.join(waitable)

    def deliver(self, event, waitable, code):
        if waitable == self.wake:
            _dovetail.task(_JOIN, waitable, 0)
            _dovetail.copied(waitable, 0)
            _dovetail.transfer(_DROP_READABLE, _WAKE, waitable)
            self.wake = 0
            return
        if event == _SUBTASK and code <= _STARTED:
            return
        _dovetail.task(_JOIN, waitable, 0)
        future = self.waits.pop(waitable, None)
        if future is not None and not future.done():
            future.set_result(code)

    def poll(self):
        event = _dovetail.poll(self.set) if self.set else None
        if event is not None:
            self.deliver(*event)
        return event is not None

    def fire(self):
        """Lets go on what has slept long enough; the time until the next, or None."""
        while self.timers:
            timer = self.timers[0]
            rest = 0 if timer._cancelled else timer._when - time.monotonic()
            if rest > 0:
                return rest
            heapq.heappop(self.timers)
            timer._scheduled = False
            if not timer._cancelled:
                self.ready.append(timer)
        return None

    def run(self, limit=_ROUNDS):
        """Runs tasks until all wait; False when there are still some that do not."""
        global _running
        before, loop = _running, events._get_running_loop()
        _running = self
        self.is_active = True
        events._set_running_loop(self.loop)
        try:
            for _ in range(limit):
                self.fire()
                if not self.ready and not (self.wake and self.poll()):
                    return True
                for _ in range(len(self.ready)):
                    handle = self.ready.popleft()
                    if not handle._cancelled:
                        handle._run()
                    # Frames that an exception has seen would keep it.
                    handle = None
                if self.root is not None and self.root.done():
                    self.resolve()
            return not self.ready
        finally:
            events._set_running_loop(loop)
            _running = before
            self.is_active = False

    def resolve(self):
        """Hands the result over."""
        if self.export is None:
            return
        root, self.root = self.root, None
        if root.cancelled() and self.is_cancelled:
            for object in self.borrowed:
                _dovetail.release(object)
            _dovetail.task(_TASK_CANCEL, 0, 0)
            return
        error = asyncio.CancelledError("nobody has cancelled the call") if root.cancelled() else root.exception()
        if error is None:
            _dovetail.task_return(self.export, root.result(), self.borrowed, False)
        elif isinstance(error, Err) and self.is_result:
            _dovetail.task_return(self.export, error, self.borrowed, True)
        else:
            raise error
        self.borrowed = []

    def turn(self):
        """Runs tasks; what the callback tells the host."""
        while True:
            if not self.run():
                self.is_yielding = True
                return _YIELD
            if not self.tasks:
                break
            rest = self.fire()
            if self.ready:
                continue
            if self.loop.has_outside():
                # The host does not tell of these; others have their turn between two looks.
                patience = 0 if self.waits or len(_calls) > 1 else 0.05
                self.loop.look(patience if rest is None else min(rest, patience))
                if self.ready:
                    continue
                self.is_yielding = True
                return _YIELD
            if rest is not None and _clock() is None:
                self.is_yielding = True
                # Others may have something to do meanwhile.
                time.sleep(min(rest, 0.001 if self.waits or len(_calls) > 1 else 0.05))
                return _YIELD
            if rest is None or self.set_alarm(rest):
                return self.wait()
        if self.stop_alarms():
            return self.wait()
        while self.wake:
            self.poll()
        self.is_over = True
        del _calls[self.number]
        if self.set:
            _dovetail.task(_SET_DROP, self.set, 0)
        return _EXIT

    def wait(self):
        if not self.set:
            self.set = _dovetail.task(_SET_NEW, 0, 0)
        return _WAIT | self.set << 4

    def set_alarm(self, rest):
        """Lets the host tell when so much time has passed; False when it has already."""
        when = time.monotonic() + rest
        if any(alarm <= when for alarm in self.alarms.values()):
            return True
        subtask, _ = _clock()(max(0, int(rest * 1e9)))
        if subtask:
            self.alarms[subtask] = when
            self.await_(subtask, _Alarm(self, subtask))
        return subtask != 0

    def stop_alarms(self):
        """Cancels what would wake the call; True when there is some that has not ended."""
        for subtask in list(self.alarms):
            if self.waits.pop(subtask, None) is None:
                continue
            _dovetail.task(_JOIN, subtask, 0)
            state = _dovetail.task(_SUBTASK_CANCEL, subtask, 0)
            if state == _BLOCKED:
                self.await_(subtask, _Alarm(self, subtask))
            else:
                del self.alarms[subtask]
                _dovetail.finish(subtask, state)
        return bool(self.alarms)


class _Alarm:
    def __init__(self, call, subtask):
        self.call, self.subtask = call, subtask

    def done(self):
        return False

    def set_result(self, state):
        self.call.alarms.pop(self.subtask, None)
        _dovetail.finish(self.subtask, state)

_wait_for = False


def _clock():
    """The function of WASI 0.3 that sleeps, where the world imports it."""
    global _wait_for
    if _wait_for is False:
        try:
            _wait_for = _dovetail.function("wasi:clocks/monotonic-clock@0.3.*", "wait-for")
        except LookupError:
            _wait_for = None
    return _wait_for


def _found(interface, name):
    """A function of WASI 0.2, or None where the world does not import it."""
    try:
        return _dovetail.function(interface, name)
    except LookupError:
        return None


class PollableLoop(selector_events.BaseSelectorEventLoop):
    """Waits for calls of others, for sockets as every loop for `asyncio` does, and for pollables of WASI 0.2."""

    _debug = False

    def __init__(self):
        super().__init__()
        # What runs outside of calls that wait, by `asyncio.run`.
        self._call = None
        # Pollables, each with the future of who waits for it.
        self._pollables = []

    def _make_self_pipe(self):
        pass

    def _write_to_self(self):
        pass

    def _add_callback(self, handle):
        if not handle._cancelled:
            self._schedule(handle)

    def run_in_executor(self, executor, func, *args):
        """There are no threads: the function runs at once."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    async def wait_for_pollable(self, pollable):
        """Waits until a pollable is ready, and drops it."""
        future = self.create_future()
        entry = (pollable, future)
        self._pollables.append(entry)
        try:
            await future
        finally:
            if entry in self._pollables:
                self._pollables.remove(entry)
            pollable.__exit__(None, None, None)

    def has_outside(self):
        return bool(self._pollables or self._selector.get_map())

    def look(self, timeout):
        """Waits for sockets and pollables, at most so long; without an end when it is None."""
        if not self._pollables:
            self._process_events(self._selector.select(timeout))
            return
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            files = bool(self._selector.get_map())
            pollables = [pollable for pollable, _ in self._pollables]
            alarm = None
            if files or timeout == 0:
                ready = [index for index, pollable in enumerate(pollables) if pollable.ready()]
            else:
                if end is not None:
                    subscribe = _found("wasi:clocks/monotonic-clock@0.2*", "subscribe-duration")
                    if subscribe is not None:
                        alarm = subscribe(max(0, int((end - time.monotonic()) * 1e9)))
                if end is None or alarm is not None:
                    poll = _found("wasi:io/poll@0.2*", "poll")
                    ready = poll([*pollables, alarm] if alarm is not None else pollables)
                    if alarm is not None:
                        alarm.__exit__(None, None, None)
                else:
                    ready = [index for index, pollable in enumerate(pollables) if pollable.ready()]
            entries = [self._pollables[index] for index in ready if index < len(pollables)]
            for _, future in entries:
                if not future.done():
                    future.set_result(None)
            self._pollables = [entry for entry in self._pollables if entry not in entries]
            rest = None if end is None else end - time.monotonic()
            if entries or alarm is not None or rest is not None and rest <= 0:
                if files:
                    self._process_events(self._selector.select(0))
                return
            # Nothing waits for all of these at once.
            pause = 0.001 if rest is None else min(rest, 0.001)
            if not files:
                time.sleep(pause)
            elif found := self._selector.select(pause):
                self._process_events(found)
                return

    def _of(self, call):
        """The call that something belongs to, which may have been scheduled elsewhere."""
        if call is None or call.is_over:
            call = self._call or _running or next(iter(_calls.values()), None)
        return call

    def time(self):
        return time.monotonic()

    def get_debug(self):
        return False

    def set_debug(self, enabled):
        pass

    def is_running(self):
        return _running is not None

    def is_closed(self):
        return False

    def close(self):
        pass

    def _schedule(self, handle):
        call = self._of(handle._context.get(_owner))
        if call is None:
            _orphans.append(handle)
        else:
            call.schedule(handle)

    def call_soon(self, callback, *args, context=None):
        handle = events.Handle(callback, args, self, context)
        self._schedule(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_later(self, delay, callback, *args, context=None):
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        timer = events.TimerHandle(when, callback, args, self, context)
        call = self._of(timer._context.get(_owner))
        if call is None:
            raise RuntimeError("no call is running that could wait")
        heapq.heappush(call.timers, timer)
        timer._scheduled = True
        return timer

    def _timer_handle_cancelled(self, timer):
        pass

    def create_future(self):
        return asyncio.Future(loop=self)

    def create_task(self, coro, **options):
        task = asyncio.Task(coro, loop=self, **options)
        call = self._of(task.get_context().get(_owner))
        if call is not None and not task.done():
            call.tasks.add(task)
            task.add_done_callback(call.tasks.discard)
        return task

    def get_task_factory(self):
        return None

    def get_exception_handler(self):
        return None

    def default_exception_handler(self, context):
        self.call_exception_handler(context)

    def call_exception_handler(self, context):
        print(context.get("message", "an exception in a task"), file=sys.stderr)
        error = context.get("exception")
        if error is not None:
            sys.excepthook(type(error), error, error.__traceback__)

    async def shutdown_asyncgens(self):
        pass

    async def shutdown_default_executor(self, timeout=None):
        pass

    def run_until_complete(self, future):
        """Runs tasks where nothing may wait for others: what they can do is sleep."""
        before, call = self._call, _Call(self)
        self._call = call
        context = contextvars.copy_context()
        context.run(_owner.set, call)
        call.ready.extend(_orphans)
        _orphans.clear()
        call.root = context.run(asyncio.ensure_future, future, loop=self)
        try:
            while not call.root.done():
                if not call.run():
                    continue
                rest = call.fire()
                if call.ready or call.root.done():
                    continue
                if self.has_outside():
                    self.look(rest)
                elif rest is not None:
                    time.sleep(rest)
                else:
                    raise RuntimeError("a function that is not async cannot wait for others")
            return call.root.result()
        finally:
            self._call = before


_loop = PollableLoop()


class _Policy(events._AbstractEventLoopPolicy):
    """Gives `asyncio.run` a loop that needs no sockets."""

    def get_event_loop(self):
        return _loop

    def set_event_loop(self, loop):
        pass

    def new_event_loop(self):
        return _loop


events._set_event_loop_policy(_Policy())


def running_loop():
    """The loop that runs, of this kind."""
    return events._get_running_loop()


async def _call_export(function, arguments, is_method):
    value = getattr(arguments[0], function)(*arguments[1:]) if is_method else function(*arguments)
    return await value if hasattr(value, "__await__") else value


_last = 0


def _turn(call, prepare):
    """A turn of a call: what the callback tells the host, or the exception that ends everything."""
    call.is_yielding = False
    call.is_active = True
    try:
        prepare()
        return call.turn()
    except BaseException as error:
        # What the app has not written says nothing about it.
        while error.__traceback__ is not None and error.__traceback__.tb_frame.f_globals is globals():
            error.__traceback__ = error.__traceback__.tb_next
        return error


def _start(export, function, arguments, borrowed, is_method, is_result):
    """Begins a call of an async export."""
    global _last
    _last = _last % 0xFFFFFFFF + 1
    while _last in _calls:
        _last = _last % 0xFFFFFFFF + 1
    call = _Call(_loop)
    call.number, call.export, call.is_result, call.borrowed = _last, export, is_result, borrowed
    _calls[call.number] = call
    _dovetail.task(_CONTEXT_SET, call.number, 0)

    def begin():
        context = contextvars.copy_context()
        context.run(_owner.set, call)
        call.ready.extend(_orphans)
        _orphans.clear()
        call.root = _loop.create_task(_call_export(function, arguments, is_method), context=context)

    return _turn(call, begin)


def _event(number, event, waitable, code):
    """Goes on with a call."""
    call = _calls[number]

    def go_on():
        if event == _TASK_CANCELLED:
            call.is_cancelled = True
            if call.root is not None:
                call.root.cancel()
        elif event != _NONE:
            call.deliver(event, waitable, code)
        else:
            # While a call yields, nobody tells of other events.
            while call.poll():
                pass

    return _turn(call, go_on)


async def _wait(waitable, cancel, end):
    """Waits for something that has begun, and ends it: the result, and whether the task was cancelled meanwhile.

    `cancel` begins to cancel it; `end` takes the code that the host gives."""
    call = _loop._of(_owner.get(None))
    future = _loop.create_future()
    call.await_(waitable, future)
    try:
        return end(await future), False
    except asyncio.CancelledError:
        if not future.cancelled():
            return end(future.result()), True
    except GeneratorExit:
        # The coroutine is thrown away: what it waited for ends by itself.
        if not future.done():
            future.add_done_callback(lambda future: end(future.result()))
        raise
    del call.waits[waitable]
    _dovetail.task(_JOIN, waitable, 0)
    code = cancel()
    if code == _BLOCKED:
        future = _loop.create_future()
        call.await_(waitable, future)
        while not future.done():
            try:
                await asyncio.shield(future)
            except asyncio.CancelledError:
                pass
        code = future.result()
    return end(code), True


def imported(interface, name):
    """An async function of the world."""
    start = _dovetail.function(interface, name)

    async def function(*arguments):
        subtask, value = start(*arguments)
        if not subtask:
            return value

        def end(state):
            return _dovetail.finish(subtask, state), state

        (value, state), is_cancelled = await _wait(
            subtask, lambda: _dovetail.task(_SUBTASK_CANCEL, subtask, 0), end)
        if is_cancelled or state != _RETURNED:
            raise asyncio.CancelledError
        return value

    return function


def spawn(coroutine):
    """Starts a task that belongs to the running call, which goes on until it has ended."""
    return asyncio.get_running_loop().create_task(coroutine)


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
