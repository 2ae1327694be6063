// SPDX-License-Identifier: Apache-2.0
// `os.dup`, which WASI and its C library lack: a second number for what is open. Both have one position, and it is closed when both are.
// The C library keeps a table of what is open, with functions for each kind; for what has several numbers the one that closes it is ours.
#include "runtime.h"

enum { OPERATIONS = 24 };
typedef struct {
    void (*close)(void *object);
    void (*others[OPERATIONS - 1])(void);
} Operations;
typedef struct {
    void *object;
    const Operations *operations;
} Descriptor;
// Null and -1 with `errno`.
Descriptor *descriptor_table_get_ref(int number);
int descriptor_table_insert(Descriptor descriptor);

typedef struct Shared Shared;
struct Shared {
    Operations operations;
    void (*close)(void *object);
    void *object;
    size_t numbers;
    Shared *next;
};
static Shared *all;

static void close_number(void *object) {
    Shared **place = &all;
    while ((*place)->object != object) place = &(*place)->next;
    Shared *shared = *place;
    if (--shared->numbers > 0) return;
    *place = shared->next;
    shared->close(object);
    free(shared);
}

static const Operations *shared_operations(const Descriptor *descriptor) {
    if (descriptor->operations->close == close_number) return descriptor->operations;
    Shared *shared = malloc(sizeof *shared);
    if (!shared) return NULL;
    *shared = (Shared){*descriptor->operations, descriptor->operations->close, descriptor->object, 1, all};
    shared->operations.close = close_number;
    all = shared;
    return &shared->operations;
}

PyObject *duplicate_descriptor(PyObject *self, PyObject *argument) {
    long number = PyLong_AsLong(argument);
    if (number == -1 && PyErr_Occurred()) return NULL;
    Descriptor *descriptor = descriptor_table_get_ref(number);
    if (!descriptor) return PyErr_SetFromErrno(PyExc_OSError);
    const Operations *operations = shared_operations(descriptor);
    if (!operations) return PyErr_NoMemory();
    descriptor->operations = operations;
    // The first member of what is shared. An insertion that fails closes what it was given.
    ((Shared *)operations)->numbers++;
    int other = descriptor_table_insert(*descriptor);
    return other < 0 ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromLong(other);
}
