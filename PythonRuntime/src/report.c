// SPDX-License-Identifier: Apache-2.0
// Why a call ends in a trap, for standard error, and for a host that asks: it finds the words in a function that it knows by name.
#include "runtime.h"

static char *words;
static size_t word_count;

// The byte of the words at an offset, or -1 behind their end. Called by the host after a trap.
__attribute__((export_name("dovetail_trap_message"), visibility("default"))) int dovetail_trap_message(int offset) {
    return (size_t)offset < word_count ? (uint8_t)words[offset] : -1;
}

static void keep(const char *text, size_t length) {
    char *copy = malloc(length);
    if (!copy) return;
    memcpy(copy, text, length);
    words = copy;
    word_count = length;
}

void say(const char *what, const char *why) {
    size_t length = strlen(what), rest = strlen(why);
    dprintf(2, "error: %s%s\n", what, why);
    char *text = malloc(length + rest);
    if (!text) return;
    memcpy(text, what, length);
    memcpy(text + length, why, rest);
    keep(text, length + rest);
    free(text);
}

_Noreturn void fail_because(const char *reason) {
    say(reason, "");
    __builtin_trap();
}

// What is printed of an exception, as `str`; null, with the exception in place, when that cannot be had.
static PyObject *printed(PyObject *raised, PyObject *standard_error) {
    PyObject *io = PyImport_ImportModule("io"), *class = io ? PyObject_GetAttrString(io, "StringIO") : NULL;
    PyObject *buffer = class ? PyObject_CallNoArgs(class) : NULL, *text = NULL;
    if (io) Py_DecRef(io);
    if (class) Py_DecRef(class);
    if (buffer && PySys_SetObject("stderr", buffer) == 0) {
        Py_IncRef(raised);
        PyErr_SetRaisedException(raised);
        PyErr_Print();
        PyObject *read = PyObject_GetAttrString(buffer, "getvalue");
        text = read ? PyObject_CallNoArgs(read) : NULL;
        if (read) Py_DecRef(read);
        PySys_SetObject("stderr", standard_error);
    }
    if (buffer) Py_DecRef(buffer);
    if (!text) PyErr_SetRaisedException(raised); else Py_DecRef(raised);
    return text;
}

void report(void) {
    // It ends the program, and is no error.
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) PyErr_Print();
    PyObject *standard_error = PySys_GetObject("stderr");
    if (!standard_error) standard_error = none;
    Py_IncRef(standard_error);
    PyObject *text = printed(PyErr_GetRaisedException(), standard_error);
    if (!text) {
        PyErr_Print();
        return;
    }
    if (standard_error != none && PyFile_WriteObject(text, standard_error, Py_PRINT_RAW) < 0) PyErr_Clear();
    char *bytes;
    Py_ssize_t length;
    PyObject *encoded = PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
    if (encoded && PyBytes_AsStringAndSize(encoded, &bytes, &length) == 0) keep(bytes, length); else PyErr_Clear();
    if (encoded) Py_DecRef(encoded);
    Py_DecRef(text);
    Py_DecRef(standard_error);
}

_Noreturn void fail(void) {
    if (PyErr_Occurred()) report();
    __builtin_trap();
}
