// SPDX-License-Identifier: Apache-2.0
// `os.dup` and `os.dup2`, which WASI and its C library lack: a second number for what is open. Both have one position, and it is closed
// when both are.
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
int descriptor_table_renumber(int number, int other);
int descriptor_table_remove(int number);

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

// Another number, or -1 with an exception.
static int duplicate(PyObject *argument) {
    long number = PyLong_AsLong(argument);
    if (number == -1 && PyErr_Occurred()) return -1;
    Descriptor *descriptor = descriptor_table_get_ref(number);
    int other = -1;
    if (descriptor) {
        const Operations *operations = shared_operations(descriptor);
        if (!operations) {
            PyErr_NoMemory();
            return -1;
        }
        descriptor->operations = operations;
        // The first member of what is shared. An insertion that fails closes what it was given.
        ((Shared *)operations)->numbers++;
        other = descriptor_table_insert(*descriptor);
    }
    if (other < 0) PyErr_SetFromErrno(PyExc_OSError);
    return other;
}

PyObject *duplicate_descriptor(PyObject *self, PyObject *number) {
    int other = duplicate(number);
    return other < 0 ? NULL : PyLong_FromLong(other);
}

// `dup2(number, other, inheritable)`: what `other` was is closed. It has to be open, since the table gives numbers as it likes.
PyObject *replace_descriptor(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *names) {
    if (count < 2) return PyErr_Format(PyExc_TypeError, "dup2() expects two numbers");
    long from = PyLong_AsLong(arguments[0]), to = PyLong_AsLong(arguments[1]);
    if ((from == -1 || to == -1) && PyErr_Occurred()) return NULL;
    if (!descriptor_table_get_ref(to)) return PyErr_SetFromErrno(PyExc_OSError);
    int copy = duplicate(arguments[0]);
    if (copy < 0) return NULL;
    int outcome = from == to ? descriptor_table_remove(copy) : descriptor_table_renumber(copy, to);
    return outcome < 0 ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromLong(to);
}
