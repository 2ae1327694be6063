// SPDX-License-Identifier: Apache-2.0
// Calls both ways: arguments and results, `result` as a value or an exception, what is given back afterwards.
#include "runtime.h"

int lifts_raw_handles;
// What is called for each export: a callable, or the name of a method.
static PyObject **callables;
// Where the result of the export that ended last begins.
static Mark returned;

// Says in the exception that is raised where in which value it was.
void note_place(const char *function, const char *parameter) {
    const char *place = take_place();
    PyObject *raised = PyErr_GetRaisedException();
    if (!raised) return;
    PyObject *arguments[] = {raised, PyUnicode_FromFormat("in `%s%s` of `%s`", parameter, place, function)};
    PyObject *name = PyUnicode_InternFromString("add_note");
    PyObject *done = arguments[1] && name ? PyObject_VectorcallMethod(name, arguments, 2, NULL) : NULL;
    if (done) Py_DecRef(done); else PyErr_Clear();
    if (arguments[1]) Py_DecRef(arguments[1]);
    if (name) Py_DecRef(name);
    PyErr_SetRaisedException(raised);
}

int lower_arguments(const Function *function, PyObject *const *arguments, uint64_t *slots, uint32_t *used) {
    uint8_t *memory = NULL;
    if (function->flags & PARAMETERS_INDIRECT) {
        const Type *last = type_at(function->parameters[function->count - 1].type);
        memory = arena_allocate(function->parameters[function->count - 1].offset + last->size, 8);
        if (!memory) return -1;
        slots[(*used)++] = (uint32_t)(uintptr_t)memory;
    }
    for (uint32_t index = 0; index < function->count; index++) {
        uint32_t type = function->parameters[index].type;
        int outcome = memory ? lower(type, arguments[index], memory + function->parameters[index].offset)
                             : lower_flat(type, arguments[index], slots + *used);
        if (outcome < 0) {
            note_place(text_at(function->name), text_at(function->parameters[index].name));
            return -1;
        }
        if (!memory) *used += type_at(type)->flat;
    }
    return 0;
}

// The value of an `Ok`, or the exception of an `Err`. Takes `result`.
PyObject *unwrapped(PyObject *result) {
    PyObject *class = PyObject_Type(result), *value = NULL;
    if (class == err_class) {
        PyErr_SetObject(class, result);
    } else {
        value = PyObject_GetAttr(result, name_value);
    }
    if (class) Py_DecRef(class);
    Py_DecRef(result);
    return value;
}

int check_count(const Function *function, Py_ssize_t count) {
    if (count == (Py_ssize_t)function->count) return 0;
    PyErr_Format(
        PyExc_TypeError, "`%s` takes %u arguments, found %zd", text_at(function->name), function->count, count);
    return -1;
}

PyObject *export_callable(uint32_t index) { return callables[index]; }

static PyObject *call_import(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t index = (uint32_t)PyLong_AsUnsignedLong(self);
    const Function *function = import_at(index);
    if (check_count(function, count) < 0) return NULL;
    // 16 parameters at most, and a pointer to the result.
    uint64_t slots[17] = {0};
    uint32_t used = 0;
    Mark mark = arena_mark();
    Loans loans = loans_mark();
    if (lower_arguments(function, arguments, slots, &used) < 0) {
        loans_end_gifts(loans, 0);
        arena_release(mark);
        return NULL;
    }
    uint8_t *memory = NULL;
    if (function->flags & RESULT_INDIRECT) {
        const Type *type = type_at(function->result);
        memory = arena_allocate(type->size, type->alignment);
        if (!memory) {
            loans_end_gifts(loans, 0);
            arena_release(mark);
            return NULL;
        }
        slots[used] = (uint32_t)(uintptr_t)memory;
    }
    dovetail_world_import(index, slots);
    loans_end_gifts(loans, 1);
    PyObject *result = none;
    if (function->result == NONE) {
        Py_IncRef(none);
    } else {
        lifts_raw_handles = function->style == STYLE_HANDLE || function->style == STYLE_HANDLE_RESULT;
        result = memory ? lift(function->result, memory) : lift_flat(function->result, slots);
        lifts_raw_handles = 0;
    }
    arena_release(mark);
    int is_result = function->style == STYLE_RESULT || function->style == STYLE_HANDLE_RESULT;
    return result && is_result ? unwrapped(result) : result;
}

// Whether a name is the one that is looked for, which may end in a star.
static int is_name(const char *name, const char *wanted) {
    size_t length = strlen(wanted);
    return length && wanted[length - 1] == '*' ? !strncmp(name, wanted, length - 1) : !strcmp(name, wanted);
}

// `_dovetail.function(interface, name)`: a callable for an imported function; an async one only starts (`start_import`).
PyObject *imported_function(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    static PyMethodDef method = {"imported function", (PyCFunction)(void *)call_import, METH_FASTCALL, NULL};
    static PyMethodDef start = {"imported function", (PyCFunction)(void *)start_import, METH_FASTCALL, NULL};
    Py_ssize_t length;
    const char *interface = count == 2 ? PyUnicode_AsUTF8AndSize(arguments[0], &length) : NULL;
    const char *name = interface ? PyUnicode_AsUTF8AndSize(arguments[1], &length) : NULL;
    if (!name) return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_TypeError, "expected an interface and a name");
    for (uint32_t index = 0; index < table->imports; index++) {
        const Function *function = import_at(index);
        if (!is_name(text_at(function->interface), interface) || strcmp(text_at(function->name), name)) continue;
        PyObject *number = PyLong_FromUnsignedLong(index);
        PyObject *callable = number ? PyCFunction_NewEx(function->flags & IS_ASYNC ? &start : &method, number, NULL) : NULL;
        if (number) Py_DecRef(number);
        return callable;
    }
    return PyErr_Format(PyExc_LookupError, "the world imports no function `%s` of `%s`", name, interface);
}

int bind_exports(PyObject *exports) {
    callables = calloc(table->exports + 1, sizeof *callables);
    if (!callables) return -1;
    for (uint32_t index = 0; index < table->exports; index++) {
        callables[index] = PySequence_GetItem(exports, index);
        if (!callables[index]) return -1;
    }
    return 0;
}

int lift_arguments(const Function *function, const uint64_t *slots, PyObject **arguments) {
    const uint8_t *memory = (const uint8_t *)(uintptr_t)(uint32_t)slots[0];
    int is_indirect = function->flags & PARAMETERS_INDIRECT;
    for (uint32_t index = 0; index < function->count; index++) {
        uint32_t type = function->parameters[index].type;
        arguments[index] = is_indirect ? lift(type, memory + function->parameters[index].offset) : lift_flat(type, slots);
        if (!arguments[index]) return -1;
        slots += is_indirect ? 0 : type_at(type)->flat;
    }
    if (is_indirect) free((void *)memory);
    return 0;
}

// Wraps what the app has returned or raised where the function's result is a `result`.
static PyObject *as_result(PyObject *value) {
    if (!value) return PyErr_ExceptionMatches(err_class) ? PyErr_GetRaisedException() : NULL;
    PyObject *result = PyObject_CallOneArg(ok_class, value);
    Py_DecRef(value);
    return result;
}

static PyObject *call_app(uint32_t index, const Function *function, PyObject **arguments) {
    PyObject *callable = callables[index];
    return function->kind == EXPORT_METHOD
        ? PyObject_VectorcallMethod(callable, arguments, function->count, NULL)
        : PyObject_Vectorcall(callable, arguments, function->count, NULL);
}

// Called by the library of the world: `slots` holds the core parameters, eight bytes each, and takes the core result.
EXPORT(dovetail_python_export)(uint32_t index, uint64_t *slots) {
    ensure_initialized();
    loans_end_returned();
    const Function *function = export_at(index);
    PyObject *arguments[function->count + 1];
    Mark mark = arena_mark();
    Loans loans = loans_mark();
    if (lift_arguments(function, slots, arguments) < 0) fail();
    PyObject *value = call_app(index, function, arguments);
    if (function->style == STYLE_RESULT) value = as_result(value);
    if (!value) fail();
    for (uint32_t argument = 0; argument < function->count; argument++) Py_DecRef(arguments[argument]);
    if (function->result != NONE) {
        const Type *type = type_at(function->result);
        int outcome;
        if (function->flags & RESULT_INDIRECT) {
            uint8_t *memory = arena_allocate(type->size, type->alignment);
            outcome = memory ? lower(function->result, value, memory) : -1;
            slots[0] = (uint32_t)(uintptr_t)memory;
        } else {
            outcome = lower_flat(function->result, value, slots);
        }
        if (outcome < 0) {
            note_place(text_at(function->name), "result");
            fail();
        }
    }
    Py_DecRef(value);
    if (loans_end_borrows(loans) < 0) fail();
    loans_return_gifts(loans);
    returned = mark;
}

// Called when the caller has read the result of an export, which has ended last. A call that led to this one may have lowered
// something before, and still needs it.
EXPORT(dovetail_python_post_return)(void) { arena_release(returned); }
