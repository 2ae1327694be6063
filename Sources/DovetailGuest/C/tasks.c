// SPDX-License-Identifier: Apache-2.0
// What compiled async code calls: frames, continuations, tasks, `async let`; and what the module `_Concurrency` is made of.
// There is one thread. A task runs until it has to wait; nothing is resumed in the middle of another.
#include "tasks.h"

void swift_release(void *object);

task *dovetail_current;

// MARK: Frames

SWIFT void *swift_task_alloc(size_t size) {
  void *p = malloc(size);
  if (!p) dovetail_panic("out of memory");
  return p;
}
SWIFT void swift_task_dealloc(void *frame) { free(frame); }

// Another executor is the same one here: the loop of the call goes on from where the task says.
SWIFT void swift_task_switch(void *at, SWIFT void (*resume)(void *), u32 executor, u32 table) {
  (void)executor;
  (void)table;
  dovetail_current->resume = resume;
  dovetail_current->at = at;
  dovetail_current->is_ready = 1;
}

// An actor needs nothing either.
SWIFT void swift_defaultActor_initialize(void *actor) { (void)actor; }
SWIFT void swift_defaultActor_destroy(void *actor) { (void)actor; }
SWIFT void swift_defaultActor_deallocate(void *actor) { free(actor); }

// MARK: Continuations

SWIFT task *swift_continuation_init(continuation *c, u32 flags) {
  c->flags = flags;
  c->state = flags & 2 ? AWAITED : PENDING;
  c->error = 0;
  dovetail_current->at = c;
  dovetail_current->resume = c->base.resume;
  return dovetail_current;
}

SWIFT void swift_continuation_resume(task *t) {
  continuation *c = t->at;
  u32 before = c->state;
  c->state = RESUMED;
  if (before == AWAITED) dovetail_schedule(t);
}

SWIFT void swift_continuation_await(continuation *c) {
  if (c->state == RESUMED) dovetail_current->is_ready = 1;
  else c->state = AWAITED;
}

/// Puts the running task in front of others that wait for the same.
task *dovetail_park(task *others) {
  dovetail_current->next = others;
  return dovetail_current;
}

/// Lets all of them go on, the one that came first in front.
void dovetail_unpark(task *last) {
  task *first = 0;
  for (task *next; last; last = next) {
    next = last->next;
    last->next = first;
    first = last;
  }
  for (task *next; first; first = next) {
    next = first->next;
    swift_continuation_resume(first);
  }
}

// MARK: The life of a task

typedef SWIFT void (*entry)(void *result, context *frame, SELF void *closure);
typedef struct {
  context base;
  entry entry;
  void *closure;
  context *frame;
} start;

static void leave(task *t) {
  if (t->elder) t->elder->sibling = t->sibling;
  else if (t->family) t->family->first = t->sibling;
  if (t->sibling) t->sibling->elder = t->elder;
}

static SWIFT void ended(void *frame) {
  task *t = dovetail_current;
  free(frame);
  if (t->closure) swift_release(t->closure);
  leave(t);
  call *c = t->owner;
  c->tasks--;
  if (c->root == t) c->root = 0;
  async_let *let = t->let;
  if (let) {
    let->is_done = 1;
    if (let->waiter) dovetail_schedule(let->waiter);
  }
  free(t);
  dovetail_current = 0;
}

static SWIFT void begin(void *at) {
  start s = *(start *)at;
  free(at);
  s.frame->parent = 0;
  s.entry(dovetail_current->result, s.frame, s.closure);
}

static task *make(const u32 *function, void *closure, void *result, async_let *let) {
  start *s = swift_task_alloc(sizeof *s);
  context *frame = swift_task_alloc(function[1]);
  task *t = swift_task_alloc(sizeof *t);
  // Nobody counts its references: it is gone when it has ended.
  *t = (task){.references = 0x7fffffff, .closure = closure, .result = result, .let = let, .resume = begin, .at = s};
  t->owner = dovetail_new_owner();
  t->owner->tasks++;
  frame->parent = &s->base;
  frame->resume = ended;
  s->entry = (entry)(size_t)function[0];
  s->closure = closure;
  s->frame = frame;
  dovetail_schedule(t);
  return t;
}

typedef struct {
  task *task;
  void *at;
} started;
SWIFT started swift_task_create(u32 flags, void *options, void *type, const u32 *function, void *closure) {
  (void)flags;
  (void)options;
  (void)type;
  static u64 nothing[2];
  task *t = make(function, closure, nothing, 0);
  return (started){t, t->at};
}

// MARK: Cancellation

static void join(family *f, task *t) {
  t->family = f;
  t->sibling = f->first;
  if (f->first) f->first->elder = t;
  f->first = t;
  if (f->is_cancelled) dovetail_task_cancel(t);
}

void dovetail_group_cancel(family *f) {
  if (f->is_cancelled) return;
  f->is_cancelled = 1;
  for (task *t = f->first; t; t = t->sibling) dovetail_task_cancel(t);
}

void dovetail_task_cancel(task *t) {
  if (t->is_cancelled) return;
  t->is_cancelled = 1;
  for (handler *h = t->handlers; h; h = h->next) h->run(h->argument);
  dovetail_group_cancel(&t->children);
  for (family *f = t->groups; f; f = f->next) dovetail_group_cancel(f);
  dovetail_cancel_wait(t);
}

task *dovetail_task_current(void) { return dovetail_current; }
_Bool dovetail_task_is_cancelled(task *t) { return t && t->is_cancelled; }

handler *dovetail_handler_add(void (*run)(void *), void *argument) {
  task *t = dovetail_current;
  handler *h = swift_task_alloc(sizeof *h);
  *h = (handler){.next = t->handlers, .run = run, .argument = argument};
  if (t->handlers) t->handlers->previous = h;
  return t->handlers = h;
}

void *dovetail_handler_remove(handler *h) {
  void *argument = h->argument;
  if (h->previous) h->previous->next = h->next;
  else dovetail_current->handlers = h->next;
  if (h->next) h->next->previous = h->previous;
  free(h);
  return argument;
}

family *dovetail_group_create(void) {
  family *f = swift_task_alloc(sizeof *f);
  task *t = dovetail_current;
  *f = (family){.next = t->groups, .owner = t, .is_cancelled = t->is_cancelled};
  return t->groups = f;
}

void dovetail_group_add(family *f, task *t) { join(f, t); }
_Bool dovetail_group_is_cancelled(family *f) { return f->is_cancelled; }

void dovetail_group_destroy(family *f) {
  family **link = &f->owner->groups;
  while (*link != f) link = &(*link)->next;
  *link = f->next;
  free(f);
}

// MARK: async let

/// What the compiler says of the type of a result, where types have no metadata.
typedef struct options {
  u32 kind;
  struct options *next;
  size_t size, alignment;
  void *copy, *tag;
  void (*destroy)(void *value, void *type);
} options;
enum { RESULT_TYPE = 4 };

SWIFT void swift_asyncLet_begin(
    async_let *let, options *o, void *type, const u32 *function, void *closure, void *result) {
  (void)type;
  *let = (async_let){0};
  for (; o; o = o->next)
    if ((o->kind & 0xff) == RESULT_TYPE) let->destroy = o->destroy;
  let->task = make(function, closure, result, let);
  join(&dovetail_current->children, let->task);
}

static void await_let(void *at, async_let *let, SWIFT void (*resume)(void *)) {
  dovetail_current->at = at;
  dovetail_current->resume = resume;
  if (let->is_done) dovetail_current->is_ready = 1;
  else let->waiter = dovetail_current;
}

SWIFT void swift_asyncLet_get(
    void *at, async_let *let, void *result, SWIFT void (*resume)(void *), void *frame) {
  (void)frame;
  dovetail_current->handed = result;
  await_let(at, let, resume);
}

typedef struct {
  context base;
  async_let *let;
  void *result, *at;
  SWIFT void (*resume)(void *);
} finish;

static SWIFT void finished(void *p) {
  finish f = *(finish *)p;
  free(p);
  if (f.let->destroy) f.let->destroy(f.result, 0);
  f.resume(f.at);
}

SWIFT void swift_asyncLet_finish(
    void *at, async_let *let, void *result, SWIFT void (*resume)(void *), void *frame) {
  (void)frame;
  if (!let->is_done) dovetail_task_cancel(let->task);
  finish *f = swift_task_alloc(sizeof *f);
  *f = (finish){.let = let, .result = result, .at = at, .resume = resume};
  await_let(f, let, finished);
}
