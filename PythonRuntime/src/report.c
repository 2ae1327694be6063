// SPDX-License-Identifier: Apache-2.0
// Why a call ends in a trap, for standard error, and for a host that asks: it finds the words in a function that it knows by name.
#include "runtime.h"

static const char *words;
static size_t word_count;
// Memory that is given back when none is left, so that it can be said.
static void *reserve;
enum { RESERVE_SIZE = 65536 };

void keep_reserve(void) { reserve = malloc(RESERVE_SIZE); }

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

// What Python itself would print to `sys.stderr`, but for the last line of a `MemoryError`, which it does not attempt.
static int print_without_memory(PyObject *raised, PyObject *file) {
    PyObject *traceback = PyObject_GetAttrString(raised, "__traceback__"), *class = PyObject_Type(raised);
    PyObject *name = class ? PyObject_GetAttrString(class, "__name__") : NULL, *text = PyObject_Str(raised), *line = NULL;
    if (traceback && traceback != none) PyTraceBack_Print(traceback, file);
    PyErr_Clear();
    if (name && text) line = PyUnicode_FromFormat("%U%s%U\n", name, PyUnicode_GetLength(text) > 0 ? ": " : "", text);
    int outcome = line ? PyFile_WriteObject(line, file, Py_PRINT_RAW) : -1;
    PyObject *objects[] = {traceback, class, name, text, line};
    for (size_t index = 0; index < sizeof objects / sizeof *objects; index++) if (objects[index]) Py_DecRef(objects[index]);
    return outcome;
}

static void print(PyObject *raised, PyObject *buffer, PyObject *standard_error) {
    if (PySys_SetObject("stderr", buffer) < 0) return;
    Py_IncRef(raised);
    PyErr_SetRaisedException(raised);
    PyErr_Print();
    PySys_SetObject("stderr", standard_error);
}

// What is printed of an exception, as `str`; null, with the exception in place, when that cannot be had.
static PyObject *printed(PyObject *raised, int lacks_memory, PyObject *standard_error) {
    PyObject *io = PyImport_ImportModule("io"), *class = io ? PyObject_GetAttrString(io, "StringIO") : NULL;
    PyObject *buffer = class ? PyObject_CallNoArgs(class) : NULL, *read = NULL, *text = NULL;
    if (io) Py_DecRef(io);
    if (class) Py_DecRef(class);
    if (buffer && lacks_memory && print_without_memory(raised, buffer) < 0) {
        Py_DecRef(buffer);
        buffer = NULL;
    }
    if (buffer && !lacks_memory) print(raised, buffer, standard_error);
    if (buffer) read = PyObject_GetAttrString(buffer, "getvalue");
    if (read) text = PyObject_CallNoArgs(read);
    if (read) Py_DecRef(read);
    if (buffer) Py_DecRef(buffer);
    if (!text) PyErr_SetRaisedException(raised); else Py_DecRef(raised);
    return text;
}

// Gives up what the frames of an exception hold: it may be all of the memory.
static void release_frames(PyObject *raised) {
    PyObject *clear = PyUnicode_InternFromString("clear"), *link = PyObject_GetAttrString(raised, "__traceback__");
    while (clear && link && link != none) {
        PyObject *frame = PyObject_GetAttrString(link, "tb_frame");
        PyObject *done = frame ? PyObject_VectorcallMethod(clear, &frame, 1, NULL) : NULL;
        PyObject *next = PyObject_GetAttrString(link, "tb_next");
        if (done) Py_DecRef(done);
        if (frame) Py_DecRef(frame);
        Py_DecRef(link);
        link = next;
        PyErr_Clear();
    }
    if (clear) Py_DecRef(clear);
    if (link) Py_DecRef(link);
    PyErr_Clear();
}

void report(void) {
    // It ends the program, and is no error.
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) PyErr_Print();
    int lacks_memory = PyErr_ExceptionMatches(PyExc_MemoryError);
    if (lacks_memory) {
        static const char last_words[] = "MemoryError\n";
        words = last_words;
        word_count = sizeof last_words - 1;
        free(reserve);
        reserve = NULL;
        PyObject *raised = PyErr_GetRaisedException();
        release_frames(raised);
        PyErr_SetRaisedException(raised);
    }
    PyObject *standard_error = PySys_GetObject("stderr");
    if (!standard_error) standard_error = none;
    Py_IncRef(standard_error);
    PyObject *text = printed(PyErr_GetRaisedException(), lacks_memory, standard_error);
    if (!text) {
        if (lacks_memory) dprintf(2, "%s", words); else PyErr_Print();
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
