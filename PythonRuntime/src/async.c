// SPDX-License-Identifier: Apache-2.0
// Calls that wait, both ways. What waits for them is a loop in Python (`dovetail_async`); here values are lifted and lowered, and
// what a call lent and allocated is kept until it ends. (Concurrency.md, "Async Import ABI", "Async Export ABI")
#include "runtime.h"

enum { RETURNED = 2, CANCELLED_BEFORE_STARTED = 3 };

// A call of an import that has not ended.
typedef struct {
    const Function *function;
    Chunk *chunk;
    uint8_t *memory;
    Given given;
} Subtask;

// By their handles.
static void **subtasks;
static size_t subtask_capacity;

void **place_at(void ***places, size_t *capacity, uint32_t handle) {
    if (handle >= *capacity) {
        size_t wanted = *capacity ? *capacity : 16;
        while (wanted <= handle) wanted *= 2;
        void **larger = realloc(*places, wanted * sizeof **places);
        if (!larger) fail_because("out of memory: cannot wait for a call");
        memset(larger + *capacity, 0, (wanted - *capacity) * sizeof **places);
        *places = larger;
        *capacity = wanted;
    }
    return *places + handle;
}

// The result of a call that has ended; takes it.
static PyObject *ended(Subtask *call, uint32_t state) {
    const Function *function = call->function;
    given_end(&call->given, state != CANCELLED_BEFORE_STARTED);
    PyObject *result = none;
    int has_result = state == RETURNED && function->result != NONE;
    if (has_result) result = lift(function->result, call->memory); else Py_IncRef(none);
    arena_free(call->chunk);
    free(call);
    return result && has_result && function->style == STYLE_RESULT ? unwrapped(result) : result;
}

static PyObject *pair(uint32_t number, PyObject *object) {
    PyObject *tuple = object ? PyTuple_New(2) : NULL;
    if (tuple) {
        PyTuple_SetItem(tuple, 0, PyLong_FromUnsignedLong(number));
        PyTuple_SetItem(tuple, 1, object);
    }
    return tuple;
}

// Calls an import: `(0, result)` when it has ended, `(subtask, None)` when it is to be waited for.
PyObject *start_import(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t index = (uint32_t)PyLong_AsUnsignedLong(self);
    const Function *function = import_at(index);
    if (check_count(function, count) < 0) return NULL;
    // Four parameters at most, and a pointer to the result.
    uint64_t slots[5] = {0};
    uint32_t used = 0;
    Loans loans = loans_mark();
    Chunk *before = arena_open();
    uint8_t *memory = NULL;
    int outcome = lower_arguments(function, arguments, slots, &used);
    if (outcome == 0 && function->result != NONE) {
        const Type *type = type_at(function->result);
        memory = arena_allocate(type->size, type->alignment);
        slots[used] = (uint32_t)(uintptr_t)memory;
        outcome = memory ? 0 : -1;
    }
    Chunk *chunk = arena_close(before);
    Subtask *call = outcome == 0 ? malloc(sizeof *call) : NULL;
    if (!call) {
        if (outcome == 0) PyErr_NoMemory();
        loans_end_gifts(loans, 0);
        arena_free(chunk);
        return NULL;
    }
    *call = (Subtask){function, chunk, memory, loans_take_gifts(loans)};
    dovetail_world_import(index, slots);
    uint32_t subtask = (uint32_t)slots[0] >> 4;
    if (!subtask) return pair(0, ended(call, (uint32_t)slots[0] & 15));
    *place_at(&subtasks, &subtask_capacity, subtask) = call;
    Py_IncRef(none);
    return pair(subtask, none);
}

static int numbers(PyObject *const *arguments, Py_ssize_t count, uint32_t *values, Py_ssize_t expected) {
    if (count != expected) {
        PyErr_Format(PyExc_TypeError, "expected %zd arguments, found %zd", expected, count);
        return -1;
    }
    for (Py_ssize_t index = 0; index < expected; index++) {
        values[index] = (uint32_t)PyLong_AsUnsignedLong(arguments[index]);
        if (PyErr_Occurred()) return -1;
    }
    return 0;
}

// `_dovetail.finish(subtask, state)`: the result of a call that has ended, which is forgotten.
PyObject *finish_import(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t values[2];
    if (numbers(arguments, count, values, 2) < 0) return NULL;
    Subtask *call = values[0] < subtask_capacity ? subtasks[values[0]] : NULL;
    if (!call) return PyErr_Format(PyExc_ValueError, "there is no such call");
    subtasks[values[0]] = NULL;
    dovetail_world_task(TASK_SUBTASK_DROP, values[0], 0);
    return ended(call, values[1]);
}

// `_dovetail.task(operation, a, b)`: a built-in, by its number in `table.h`.
PyObject *task_operation(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t values[3];
    if (numbers(arguments, count, values, 3) < 0) return NULL;
    return PyLong_FromUnsignedLongLong(dovetail_world_task(values[0], values[1], values[2]));
}

// `_dovetail.poll(set)`: an event with what it is about, or None.
PyObject *poll_set(PyObject *self, PyObject *set) {
    uint32_t payload[2] = {0};
    uint32_t event = (uint32_t)dovetail_world_task(
        TASK_SET_POLL, (uint32_t)PyLong_AsUnsignedLong(set), (uint32_t)(uintptr_t)payload);
    if (PyErr_Occurred()) return NULL;
    if (!event) {
        Py_IncRef(none);
        return none;
    }
    PyObject *tuple = PyTuple_New(3);
    if (!tuple) return NULL;
    PyTuple_SetItem(tuple, 0, PyLong_FromUnsignedLong(event));
    PyTuple_SetItem(tuple, 1, PyLong_FromUnsignedLong(payload[0]));
    PyTuple_SetItem(tuple, 2, PyLong_FromUnsignedLong(payload[1]));
    return tuple;
}

// `_dovetail.task_return(export, value, borrowed, is_raised)`: hands the result of an export over, or the `Err` that the app has
// raised; `borrowed` are objects that the call was lent.
PyObject *task_return(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t index;
    if (numbers(arguments, count == 4 ? 1 : count, &index, 1) < 0) return NULL;
    if ( index >= table->exports) return PyErr_Format(PyExc_TypeError, "expected an export");
    const Function *function = export_at(index);
    PyObject *value = arguments[1];
    int is_raised = PyObject_IsTrue(arguments[3]);
    Py_IncRef(value);
    if (function->style == STYLE_RESULT && !is_raised) {
        PyObject *result = PyObject_CallOneArg(ok_class, value);
        Py_DecRef(value);
        if (!(value = result)) return NULL;
    }
    Mark mark = arena_mark();
    Loans loans = loans_mark();
    uint64_t slots[17] = {0};
    int outcome = 0;
    if (function->result != NONE) {
        const Type *type = type_at(function->result);
        if (function->flags & RESULT_INDIRECT) {
            uint8_t *memory = arena_allocate(type->size, type->alignment);
            slots[0] = (uint32_t)(uintptr_t)memory;
            outcome = memory ? lower(function->result, value, memory) : -1;
        } else {
            outcome = lower_flat(function->result, value, slots);
        }
        if (outcome < 0) note_place(text_at(function->name), "result");
    }
    Py_DecRef(value);
    if (outcome == 0) outcome = release_all(arguments[2]);
    if (outcome == 0) dovetail_world_return(index, slots);
    loans_end_gifts(loans, outcome == 0);
    arena_release(mark);
    if (outcome < 0) return NULL;
    Py_IncRef(none);
    return none;
}

// Functions of the loop.
static PyObject *loop_start, *loop_event;

int find_loop(void) {
    if (!(table->features & FEATURE_ASYNC)) return 0;
    loop_start = object_of("dovetail_async", "_start");
    loop_event = object_of("dovetail_async", "_event");
    return loop_start && loop_event && find_transfers() == 0 ? 0 : -1;
}

// What a function of the loop gives: a code for the host, or the exception that ends everything.
static uint32_t code_of(PyObject *result) {
    if (!result) fail();
    uint32_t code = (uint32_t)PyLong_AsUnsignedLong(result);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        PyErr_SetRaisedException(result);
        fail();
    }
    Py_DecRef(result);
    return code;
}

// Begins a call of an async export; the result is what the callback of an export tells the host.
__attribute__((export_name("dovetail_python_start"), visibility("default"))) uint32_t dovetail_python_start(
    uint32_t index, uint64_t *slots) {
    ensure_initialized();
    loans_end_returned();
    const Function *function = export_at(index);
    PyObject *values[function->count + 1];
    Loans loans = loans_mark();
    if (lift_arguments(function, slots, values) < 0) fail();
    PyObject *borrowed = loans_take_borrows(loans), *list = borrowed ? PyTuple_New(function->count) : NULL;
    if (!list) fail();
    for (uint32_t argument = 0; argument < function->count; argument++) PyTuple_SetItem(list, argument, values[argument]);
    PyObject *arguments[] = {
        PyLong_FromUnsignedLong(index), export_callable(index), list, borrowed, PyBool_FromLong(function->kind == EXPORT_METHOD),
        PyBool_FromLong(function->style == STYLE_RESULT)};
    PyObject *code = arguments[0] ? PyObject_Vectorcall(loop_start, arguments, 6, NULL) : NULL;
    for (int argument = 0; argument < 6; argument++) {
        if (argument != 1) Py_DecRef(arguments[argument]);
    }
    return code_of(code);
}

// Called by the host when something has happened that a call waits for.
__attribute__((export_name("dovetail_python_event"), visibility("default"))) uint32_t dovetail_python_event(
    uint32_t event, uint32_t waitable, uint32_t code) {
    uint32_t values[] = {(uint32_t)dovetail_world_task(TASK_CONTEXT_GET, 0, 0), event, waitable, code};
    PyObject *arguments[4];
    for (int index = 0; index < 4; index++) {
        if (!(arguments[index] = PyLong_FromUnsignedLong(values[index]))) fail();
    }
    PyObject *result = PyObject_Vectorcall(loop_event, arguments, 4, NULL);
    for (int index = 0; index < 4; index++) Py_DecRef(arguments[index]);
    return code_of(result);
}
