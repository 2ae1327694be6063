// SPDX-License-Identifier: Apache-2.0
// Records are made, and read, where their values lie in memory: that takes a fraction of what calling `__init__` and looking attributes
// up take. The limited API does not say where that is, so it is found in a record that is made for it.
#include "runtime.h"

// What every object begins with.
typedef struct {
    Py_ssize_t references;
    PyObject *class;
} ObjectHead;

int is_plain(const TypeObjects *objects, PyObject *object) {
    return objects->offsets && ((const ObjectHead *)object)->class == objects->class;
}

static PyObject **place(PyObject *object, uint32_t offset) { return (PyObject **)((uint8_t *)object + offset); }

// Whether `__init__` is that of the bindings, which only keeps its arguments.
static int is_own_initializer(const Type *type, PyObject *class) {
    PyObject *function = PyObject_GetAttrString(class, "__init__");
    PyObject *module = function ? PyObject_GetAttrString(function, "__module__") : NULL;
    Py_ssize_t length = 0;
    const char *found = module ? PyUnicode_AsUTF8AndSize(module, &length) : NULL, *expected = text_at(type->module);
    int is_own = found && strcmp(found, expected) == 0;
    if (module) Py_DecRef(module);
    if (function) Py_DecRef(function);
    return is_own;
}

static long size_of(PyObject *class) {
    PyObject *number = PyObject_GetAttrString(class, "__basicsize__");
    long size = number ? PyLong_AsLong(number) : 0;
    if (number) Py_DecRef(number);
    return size;
}

// Finds each of `values` in `object`; false unless that is all that the object has.
static int locate(const Type *type, PyObject *class, PyObject *object, PyObject *const *values, uint32_t *offsets) {
    const ObjectHead *head = (const ObjectHead *)object;
    if (head->class != class || size_of(class) != (long)(sizeof *head + type->count * sizeof object)) return 0;
    for (uint32_t part = 0; part < type->count; part++) {
        uint32_t offset = sizeof *head, end = offset + type->count * sizeof object;
        while (offset < end && *place(object, offset) != values[part]) offset += sizeof object;
        if (offset == end) return 0;
        offsets[part] = offset;
    }
    return 1;
}

void find_offsets(const Type *type, TypeObjects *objects) {
    PyObject *values[type->count + 1], *object = NULL;
    uint32_t count = 0;
    // Objects that nobody else has.
    while (count < type->count && (values[count] = PyList_New(0))) count++;
    if (count == type->count && is_own_initializer(type, objects->class)) {
        object = PyObject_Vectorcall(objects->class, values, count, NULL);
    }
    uint32_t *offsets = object ? malloc(sizeof *offsets * (count + 1)) : NULL;
    if (offsets && !locate(type, objects->class, object, values, offsets)) {
        free(offsets);
        offsets = NULL;
    }
    objects->offsets = offsets;
    if (object) Py_DecRef(object);
    while (count > 0) Py_DecRef(values[--count]);
    // A class that is otherwise is used as it is.
    PyErr_Clear();
}

PyObject *plain_record(const Type *type, const TypeObjects *objects, PyObject *const *values) {
    PyObject *object = PyType_GenericAlloc(objects->class, 0);
    for (uint32_t part = 0; object && part < type->count; part++) *place(object, objects->offsets[part]) = values[part];
    return object;
}

PyObject *plain_part(const TypeObjects *objects, PyObject *object, uint32_t part) {
    PyObject *value = *place(object, objects->offsets[part]);
    if (value) Py_IncRef(value);
    return value;
}
