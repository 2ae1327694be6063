// SPDX-License-Identifier: Apache-2.0

extension PythonSupport {
    /// Calls of async functions, each with its tasks and what they wait for.
    static let calls = #"""
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


        """#
}
