// SPDX-License-Identifier: Apache-2.0
// Runs the tasks of async exports, lifted with a callback. (CanonicalABI.md, "canon lift"; Concurrency.md, "Async Export ABI")
//
// Each call has the tasks that were started in it, and one waitable set. A task runs in turns of its own call only, because
// `task.return` and everything else that speaks of the current task does. One that another call lets go on is waked by the end of a
// stream in the set of its call.
#include "tasks.h"

#define ROOT(name) IMPORT("$root", name)
ROOT("[waitable-set-new]") u32 waitable_set_new(void);
ROOT("[waitable-set-drop]") void waitable_set_drop(u32 set);
ROOT("[waitable-set-poll]") u32 waitable_set_poll(u32 set, u32 *event);
ROOT("[waitable-join]") void waitable_join(u32 waitable, u32 set);
ROOT("[subtask-drop]") void subtask_drop(u32 subtask);
// In their synchronous forms: those that do not wait are not a part of what every host has.
ROOT("[subtask-cancel]") u32 subtask_cancel(u32 subtask);
IMPORT("[export]$root", "[task-cancel]") void task_cancel(void);
ROOT("[context-get-0]") call *context_get(void);
ROOT("[context-set-0]") void context_set(call *c);
ROOT("[stream-new-unit]") u64 stream_new(void);
ROOT("[async-lower][stream-read-unit]") u32 stream_read(u32 stream, void *place, u32 count);
ROOT("[stream-drop-readable-unit]") void stream_drop_readable(u32 stream);
ROOT("[stream-drop-writable-unit]") void stream_drop_writable(u32 stream);

enum { NONE, SUBTASK, TASK_CANCELLED = 6 };
enum { STARTING, STARTED };
enum { EXIT, YIELD, WAIT };
static call *calls;    // those that have not ended
static call *running;  // the one whose turn it is

// Tasks that were started while there was no call of an async function; the next one takes them.
static call orphans;

// MARK: What tasks wait for

static task **table;  // by waitable; as large as a power of two, at most half full
static u32 capacity, used;

static u32 slot(u32 waitable) {
  u32 i = (waitable * 0x9e3779b1u) & (capacity - 1);
  while (table[i] && table[i]->waitable != waitable) i = (i + 1) & (capacity - 1);
  return i;
}

static void enter(task *t) {
  if (2 * (used + 1) > capacity) {
    task **old = table;
    u32 count = capacity;
    capacity = count ? 2 * count : 16;
    table = malloc(capacity * sizeof *table);
    if (!table) dovetail_panic("out of memory");
    __builtin_memset(table, 0, capacity * sizeof *table);
    for (u32 i = 0; i < count; i++)
      if (old[i]) table[slot(old[i]->waitable)] = old[i];
    free(old);
  }
  table[slot(t->waitable)] = t;
  used++;
}

static void forget(u32 i) {
  table[i] = 0;
  used--;
  // Those behind it may have been pushed there by it.
  for (u32 j = (i + 1) & (capacity - 1); table[j]; j = (j + 1) & (capacity - 1)) {
    task *t = table[j];
    table[j] = 0;
    table[slot(t->waitable)] = t;
  }
}

static void resume(task *t, u32 code) {
  forget(slot(t->waitable));
  t->waitable = 0;
  *(u32 *)((continuation *)t->at)->result = code;
  swift_continuation_resume(t);
}

static u32 set_of(call *c) {
  if (!c->set) c->set = waitable_set_new();
  return c->set;
}

void dovetail_wait(u32 waitable, u32 (*cancel)(u32)) {
  task *t = dovetail_current;
  t->waitable = waitable;
  t->cancel_wait = cancel;
  enter(t);
  if (t->is_cancelled && cancel) dovetail_cancel_wait(t);
  else waitable_join(waitable, set_of(t->owner));
}

void dovetail_cancel_wait(task *t) {
  u32 (*cancel)(u32) = t->cancel_wait;
  if (!t->waitable || !cancel) return;
  t->cancel_wait = 0;
  waitable_join(t->waitable, 0);
  resume(t, cancel(t->waitable));
}

// Two functions, so that the built-in is imported by those only who use it.
void dovetail_wait_for_subtask(u32 subtask) { dovetail_wait(subtask, 0); }
void dovetail_wait_for_cancellable_subtask(u32 subtask) { dovetail_wait(subtask, subtask_cancel); }
void dovetail_subtask_drop(u32 subtask) { subtask_drop(subtask); }

WEAK u32 dovetail_sleep_begin(u64 nanoseconds) {
  (void)nanoseconds;
  dovetail_panic("to sleep, the world has to import wasi:clocks/monotonic-clock@0.3.0");
}

static void deliver(call *c, u32 event, u32 waitable, u32 code) {
  if (waitable == c->wake) {
    waitable_join(waitable, 0);
    stream_drop_readable(waitable);
    c->wake = 0;
    return;
  }
  if (event == SUBTASK && code <= STARTED) return;
  task *t = capacity ? table[slot(waitable)] : 0;
  if (!t) return;
  waitable_join(waitable, 0);
  resume(t, code);
}

/// Takes an event of the call's set, if there is one.
static u32 poll(call *c) {
  u32 payload[2];
  u32 event = waitable_set_poll(c->set, payload);
  if (event) deliver(c, event, payload[0], payload[1]);
  return event;
}

// MARK: Turns

static void append(call *c, task *t) {
  t->next = 0;
  if (c->first) c->last->next = t;
  else c->first = t;
  c->last = t;
}

void dovetail_schedule(task *t) {
  call *c = t->owner;
  append(c, t);
  if (c->is_active || c->is_yielding || c->wake || c == &orphans) return;
  u64 ends = stream_new();
  c->wake = (u32)ends;
  stream_read(c->wake, 0, 1);
  waitable_join(c->wake, set_of(c));
  stream_drop_writable((u32)(ends >> 32));
}

void dovetail_yield(void) {
  task *t = dovetail_current;
  call *c = t->owner;
  t->next = 0;
  if (c->yielded) c->youngest->next = t;
  else c->yielded = t;
  c->youngest = t;
}

call *dovetail_new_owner(void) {
  if (dovetail_current) return dovetail_current->owner;
  return running ? running : calls ? calls : &orphans;
}

static u32 turn(call *c) {
  call *before = running;
  running = c;
  c->is_active = 1;
  do {
    for (task *t; (t = c->first);) {
      c->first = t->next;
      dovetail_current = t;
      do {
        t->is_ready = 0;
        void *result = t->handed;
        t->handed = 0;
        // `async let` hands the place of its value on as a second argument.
        if (result) ((SWIFT void (*)(void *, void *))(void *)t->resume)(t->at, result);
        else t->resume(t->at);
      } while (dovetail_current && t->is_ready);
      dovetail_current = 0;
    }
    // Nothing may be left of what has waked the call.
  } while (c->wake && poll(c));
  c->is_active = 0;
  running = before;
  dovetail_flush();
  if (c->yielded) {
    c->is_yielding = 1;
    return YIELD;
  }
  if (c->tasks) return WAIT | set_of(c) << 4;
  if (c->set) waitable_set_drop(c->set);
  if (c->previous) c->previous->next = c->next;
  else calls = c->next;
  if (c->next) c->next->previous = c->previous;
  free(c);
  return EXIT;
}

call *dovetail_call_begin(void) {
  call *c = malloc(sizeof *c);
  if (!c) dovetail_panic("out of memory");
  *c = (call){.next = calls, .is_active = 1};
  if (calls) calls->previous = c;
  calls = running = c;
  context_set(c);
  if (orphans.tasks) {
    for (task *t = orphans.first; t; t = t->next) t->owner = c;
    c->first = orphans.first;
    c->last = orphans.last;
    c->tasks = orphans.tasks;
    orphans = (call){0};
  }
  return c;
}

u32 dovetail_call_run(call *c, task *root) {
  c->root = root;
  running = 0;
  return turn(c);
}

u32 dovetail_call_event(u32 event, u32 waitable, u32 code) {
  call *c = context_get();
  c->is_active = 1;
  c->is_yielding = 0;
  if (event == TASK_CANCELLED) {
    c->is_cancelled = 1;
    if (c->root) dovetail_task_cancel(c->root);
  } else if (event != NONE) {
    deliver(c, event, waitable, code);
  }
  // While a call yields, nobody tells of other events.
  if (event == NONE && c->set)
    while (poll(c)) {}
  if (c->yielded) {
    if (c->first) c->last->next = c->yielded;
    else c->first = c->yielded;
    c->last = c->youngest;
    c->yielded = 0;
  }
  return turn(c);
}

// MARK: Returning and taking back

// Values that were lowered and then not taken are lifted again; the memory they lie in belongs to an arena meanwhile.
static _Bool keeps;
void dovetail_keep_memory(_Bool k) { keeps = k; }
void dovetail_release(void *p) {
  if (!keeps) free(p);
}

/// Whether the call has not ended for its caller; it has then.
_Bool dovetail_call_returns(void) {
  call *c = dovetail_current->owner;
  if (c->is_returned) return 0;
  c->is_returned = 1;
  return 1;
}

/// Confirms that the call was cancelled. Returns whether it was.
_Bool dovetail_call_confirm(void) {
  call *c = dovetail_current ? dovetail_current->owner : 0;
  if (!c || !c->is_cancelled || c->is_returned) return 0;
  c->is_returned = 1;
  task_cancel();
  return 1;
}
