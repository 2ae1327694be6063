// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

extension PythonSupport {
    /// The event loop, and what calls async functions both ways.
    static let loop = #"""
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



        """#
}
