// SPDX-License-Identifier: Apache-2.0
// Swift tasks, and the calls of async exports that they belong to.
#pragma once
#include "runtime.h"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

/// A frame of an async function.
typedef struct context {
  struct context *parent;
  SWIFT void (*resume)(void *);
} context;

/// What `withUnsafeContinuation` waits on; the compiler reads and writes it too.
typedef struct {
  context base;
  u32 flags, state;
  void *error, *result;
} continuation;
enum { PENDING, AWAITED, RESUMED };

typedef struct task task;
typedef struct call call;

/// Tasks that are cancelled together.
typedef struct family {
  task *first;
  u32 is_cancelled;
  struct family *next;  // of the groups of one task
  task *owner;
} family;

/// What is run when a task is cancelled.
typedef struct handler {
  struct handler *next, *previous;
  void (*run)(void *);
  void *argument;
} handler;

/// What lies at the beginning of the buffer of an `async let`.
typedef struct {
  task *task, *waiter;
  void (*destroy)(void *value, void *type);
  u32 is_done, is_read;
} async_let;

struct task {
  // The compiler knows where `resume` and `at` lie.
  void *type;
  u32 references;
  task *next;
  u32 is_ready, flags;
  void *closure;
  call *owner;
  u32 waitable;  // what the task waits for, while it is in the table of those that do
  SWIFT void (*resume)(void *);
  void *at;

  void *result, *handed;
  async_let *let;
  u32 (*cancel_wait)(u32 waitable);
  u32 is_cancelled;
  family *family;
  task *sibling, *elder;
  family children;  // by `async let`
  family *groups;
  handler *handlers;
};
_Static_assert(__builtin_offsetof(task, resume) == 32 && __builtin_offsetof(task, at) == 36, "layout of AsyncTask");

/// A call of an async export.
struct call {
  call *next, *previous;
  task *first, *last;        // those that can run
  task *yielded, *youngest;  // those that can run in the next turn
  task *root;
  u32 tasks, set, wake;
  u8 is_active, is_yielding, is_cancelled, is_returned;
};

/// The running task.
extern task *dovetail_current;

/// Lets a task run, in the call that it belongs to.
void dovetail_schedule(task *t);
/// Suspends the running task until the waitable has an event; `cancel` cancels what it waits for, if that can be.
void dovetail_wait(u32 waitable, u32 (*cancel)(u32 waitable));
/// Cancels what a task waits for.
void dovetail_cancel_wait(task *t);
/// The call that a new task belongs to.
call *dovetail_new_owner(void);
/// Cancels a task, and those that it waits for.
void dovetail_task_cancel(task *t);
/// Goes on with a task that waits by a continuation.
SWIFT void swift_continuation_resume(task *t);
