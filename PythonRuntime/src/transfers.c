// SPDX-License-Identifier: Apache-2.0
// Streams and futures: their ends, and the buffers of reads and writes that have not ended. (Concurrency.md, "Streams and Futures")
#include "runtime.h"

// The classes of readable ends, by transfer.
static PyObject **reader_classes;
static PyObject *name_transfer, *name_give;

// A read or a write that has begun.
typedef struct {
    Chunk *chunk;
    uint8_t *memory;
    uint32_t transfer, count, is_write;
    Given given;
} Copy;

// By the handles of the ends.
static void **copies;
static size_t copy_capacity;

int find_transfers(void) {
    name_transfer = PyUnicode_InternFromString("_transfer");
    name_give = PyUnicode_InternFromString("_give");
    reader_classes = calloc(table->transfers + 1, sizeof *reader_classes);
    if (!reader_classes || !name_transfer || !name_give) return -1;
    for (uint32_t index = 0; index < table->transfers; index++) {
        const Transfer *transfer = transfer_at(index);
        const char *class = transfer->is_future ? "FutureReader" : is_octets(transfer) ? "ByteStreamReader" : "StreamReader";
        if (!(reader_classes[index] = object_of("dovetail_async", class))) return -1;
    }
    return 0;
}

int is_octets(const Transfer *transfer) {
    return !transfer->is_future && transfer->element != NONE && type_at(transfer->element)->kind == U8;
}

static PyObject *call_numbers(PyObject *class, uint32_t first, uint32_t second) {
    PyObject *arguments[] = {PyLong_FromUnsignedLong(first), PyLong_FromUnsignedLong(second)};
    PyObject *object = arguments[0] && arguments[1] ? PyObject_Vectorcall(class, arguments, 2, NULL) : NULL;
    if (arguments[0]) Py_DecRef(arguments[0]);
    if (arguments[1]) Py_DecRef(arguments[1]);
    return object;
}

PyObject *lift_end(const Type *type, uint32_t handle) {
    return call_numbers(reader_classes[type->module], type->module, handle);
}

int lower_end(const Type *type, PyObject *object, uint32_t *handle) {
    const Transfer *transfer = transfer_at(type->module);
    int matches = PyObject_IsInstance(object, reader_classes[type->module]);
    if (matches < 0) return -1;
    if (!matches) {
        return unexpected(
            transfer->is_future ? "FutureReader" : is_octets(transfer) ? "ByteStreamReader" : "StreamReader", object);
    }
    PyObject *number = PyObject_GetAttr(object, name_transfer);
    if (!number) return -1;
    uint32_t found = (uint32_t)PyLong_AsUnsignedLong(number);
    Py_DecRef(number);
    if (PyErr_Occurred()) return -1;
    if (found != type->module) {
        PyErr_Format(PyExc_TypeError, "expected %s of another type", transfer->is_future ? "a future" : "a stream");
        return -1;
    }
    // It says what is wrong with giving it away just now.
    PyObject *done = PyObject_VectorcallMethod(name_give, &object, 1, NULL);
    if (done) Py_DecRef(done);
    return done ? give_handle(object, handle) : -1;
}

// Which transfer, which end, and other numbers.
static int parse(PyObject *const *arguments, Py_ssize_t count, Py_ssize_t expected, uint32_t *values) {
    if (count != expected) {
        PyErr_Format(PyExc_TypeError, "expected %zd arguments, found %zd", expected, count);
        return -1;
    }
    for (Py_ssize_t index = 0; index < (expected < 3 ? expected : 3); index++) {
        values[index] = (uint32_t)PyLong_AsUnsignedLong(arguments[index]);
        if (PyErr_Occurred()) return -1;
    }
    return 0;
}

// The stream of nothing, by which calls wake one another, is told by `NONE`.
static uint32_t numbered(uint32_t transfer) { return transfer < table->transfers ? transfer : table->transfers; }

// `_dovetail.reader(transfer, end)`: an object for the readable end of a stream or future that was made here.
PyObject *make_reader(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t values[3];
    if (parse(arguments, count, 2, values) < 0) return NULL;
    return call_numbers(reader_classes[values[0]], values[0], values[1]);
}

// `_dovetail.transfer(operation, transfer, end)`: makes ends, cancels a copy, drops an end.
PyObject *transfer_operation(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t values[3];
    if (parse(arguments, count, 3, values) < 0) return NULL;
    return PyLong_FromUnsignedLongLong(dovetail_world_transfer(values[0], numbered(values[1]), values[2], 0, 0));
}

static PyObject *begin(uint32_t operation, Copy copy, uint32_t end) {
    Copy *kept = malloc(sizeof *kept);
    if (!kept) {
        arena_free(copy.chunk);
        return PyErr_NoMemory();
    }
    *kept = copy;
    *place_at(&copies, &copy_capacity, end) = kept;
    return PyLong_FromUnsignedLongLong(
        dovetail_world_transfer(operation, copy.transfer, end, (uint32_t)(uintptr_t)copy.memory, copy.count));
}

// `_dovetail.read(transfer, end, count)`: begins to read; what it says is the built-in's.
PyObject *begin_read(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t values[3];
    if (parse(arguments, count, 3, values) < 0) return NULL;
    Copy copy = {.transfer = numbered(values[0]), .count = values[2]};
    uint32_t element = copy.transfer < table->transfers ? transfer_at(copy.transfer)->element : NONE;
    if (element != NONE) {
        const Type *type = type_at(element);
        if ((uint64_t)type->size * copy.count > INT32_MAX) return PyErr_NoMemory();
        Chunk *before = arena_open();
        copy.memory = arena_allocate(type->size * copy.count, type->alignment);
        copy.chunk = arena_close(before);
        if (!copy.memory) return NULL;
    }
    return begin(TRANSFER_READ, copy, values[1]);
}

// `_dovetail.write(transfer, end, items)`: begins to write as many of the items as go at a time; `(count, what the built-in says)`.
PyObject *begin_write(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t values[3] = {0};
    if (count != 3) return PyErr_Format(PyExc_TypeError, "expected three arguments, found %zd", count);
    if (parse(arguments, 2, 2, values) < 0) return NULL;
    Copy copy = {.transfer = values[0], .is_write = 1};
    const Transfer *transfer = transfer_at(copy.transfer);
    Loans loans = loans_mark();
    Chunk *before = arena_open();
    int outcome = lower_items(transfer, arguments[2], &copy.memory, &copy.count);
    copy.chunk = arena_close(before);
    if (outcome < 0) {
        loans_end_gifts(loans, 0);
        arena_free(copy.chunk);
        note_place("write", transfer->is_future ? "value" : "items");
        return NULL;
    }
    copy.given = loans_take_gifts(loans);
    PyObject *code = begin(TRANSFER_WRITE, copy, values[1]), *tuple = code ? PyTuple_New(2) : NULL;
    if (!tuple) return NULL;
    PyTuple_SetItem(tuple, 0, PyLong_FromUnsignedLong(copy.count));
    PyTuple_SetItem(tuple, 1, code);
    return tuple;
}

// `_dovetail.copied(end, count)`: ends a copy of which so many items have moved; those that were read.
PyObject *end_copy(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    uint32_t values[3];
    if (parse(arguments, count, 2, values) < 0) return NULL;
    Copy *kept = values[0] < copy_capacity ? copies[values[0]] : NULL;
    if (!kept) return PyErr_Format(PyExc_ValueError, "nothing is read or written");
    Copy copy = *kept;
    free(kept);
    copies[values[0]] = NULL;
    given_end(&copy.given, values[1] != 0);
    uint32_t moved = values[1] < copy.count ? values[1] : copy.count;
    PyObject *items = none;
    if (copy.is_write || copy.transfer == table->transfers) Py_IncRef(none); else items = lift_items(transfer_at(copy.transfer), copy.memory, moved);
    arena_free(copy.chunk);
    return items;
}
