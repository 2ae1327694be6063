// SPDX-License-Identifier: Apache-2.0
// Values of the component model into Python's. (CanonicalABI.md, "Loading", "Flat Lifting")
#include "runtime.h"

static PyObject *lift_scalar(Kind kind, const void *place) {
    switch (kind) {
        case BOOL: return PyBool_FromLong(*(const uint8_t *)place);
        case S8: return PyLong_FromLong(*(const int8_t *)place);
        case U8: return PyLong_FromLong(*(const uint8_t *)place);
        case S16: return PyLong_FromLong(*(const int16_t *)place);
        case U16: return PyLong_FromLong(*(const uint16_t *)place);
        case S32: return PyLong_FromLong(*(const int32_t *)place);
        case U32: return PyLong_FromUnsignedLong(*(const uint32_t *)place);
        case S64: return PyLong_FromLongLong(*(const int64_t *)place);
        case U64: return PyLong_FromUnsignedLongLong(*(const uint64_t *)place);
        case F32: return PyFloat_FromDouble(*(const float *)place);
        case F64: return PyFloat_FromDouble(*(const double *)place);
        default: return PyUnicode_FromOrdinal(*(const int32_t *)place);
    }
}

// What the other side allocated here is given back as soon as it has been read.
static void give_back(const void *pointer, size_t size) {
    if (size) free((void *)pointer);
}

PyObject *lift_string(const void *pointer, uint32_t length) {
    PyObject *text = PyUnicode_FromStringAndSize(pointer, length);
    give_back(pointer, length);
    return text;
}

static PyObject *lift_elements(const Part *element, const uint8_t *pointer, uint32_t count) {
    const Type *type = type_at(element->type);
    if (type->kind == U8) return PyBytes_FromStringAndSize((const char *)pointer, count);
    PyObject *list = PyList_New(count);
    for (uint32_t index = 0; list && index < count; index++) {
        PyObject *item = lift(element->type, pointer + index * type->size);
        if (!item) {
            Py_DecRef(list);
            return NULL;
        }
        PyList_SetItem(list, index, item);
    }
    return list;
}

static PyObject *lift_map(const Part *entry, const uint8_t *pointer, uint32_t count) {
    const Type *pair = type_at(entry->type);
    PyObject *map = PyDict_New();
    for (uint32_t index = 0; map && index < count; index++) {
        const uint8_t *place = pointer + index * pair->size;
        PyObject *key = lift(pair->parts[0].type, place + pair->parts[0].offset);
        PyObject *value = key ? lift(pair->parts[1].type, place + pair->parts[1].offset) : NULL;
        int outcome = value ? PyDict_SetItem(map, key, value) : -1;
        if (key) Py_DecRef(key);
        if (value) Py_DecRef(value);
        if (outcome < 0) {
            Py_DecRef(map);
            return NULL;
        }
    }
    return map;
}

static PyObject *lift_list(const Type *type, const uint8_t *pointer, uint32_t count) {
    const Part *element = &type->parts[0];
    PyObject *list = (type->kind == MAP ? lift_map : lift_elements)(element, pointer, count);
    give_back(pointer, (size_t)count * type_at(element->type)->size);
    return list;
}

static PyObject *lift_flags(uint32_t index, const uint8_t *place, uint32_t size) {
    unsigned long bits = size == 1 ? *place : size == 2 ? *(const uint16_t *)place : *(const uint32_t *)place;
    PyObject *number = PyLong_FromUnsignedLong(bits);
    PyObject *flags = number ? PyObject_CallOneArg(type_objects[index].class, number) : NULL;
    if (number) Py_DecRef(number);
    return flags;
}

// An object of a class with one value, or none. Takes `payload`.
static PyObject *wrapped(PyObject *class, PyObject *payload) {
    PyObject *object = PyObject_Vectorcall(class, &payload, payload ? 1 : 0, NULL);
    if (payload) Py_DecRef(payload);
    return object;
}

static PyObject *retained(PyObject *object) {
    Py_IncRef(object);
    return object;
}

// The case `chosen`, with what `payload` lifts; all cases of other discriminants are the other side's mistake.
static PyObject *lift_case(
    uint32_t index, const Type *type, uint32_t chosen, PyObject *(*lift_payload)(uint32_t, const void *), const void *place) {
    if (chosen >= type->count) {
        PyErr_Format(PyExc_ValueError, "there is no case %u", chosen);
        return NULL;
    }
    const Part *part = &type->parts[chosen];
    PyObject *payload = NULL;
    if (part->type != NONE) {
        payload = lift_payload(part->type, (const uint8_t *)place + part->offset);
        if (!payload) return NULL;
    }
    switch (type->kind) {
        case ENUM: return retained(type_objects[index].parts[chosen]);
        case OPTION: return chosen ? payload : retained(none);
        case NESTED_OPTION: return chosen ? wrapped(some_class, payload) : retained(none);
        case RESULT: return wrapped(chosen ? err_class : ok_class, payload ? payload : retained(none));
        default: return wrapped(type_objects[index].parts[chosen], payload);
    }
}

static PyObject *lift_payload(uint32_t type, const void *place) { return lift(type, place); }

// In flat form all payloads begin at the same slot.
static PyObject *lift_payload_flat(uint32_t type, const void *place) {
    return lift_flat(type, (const uint64_t *)place);
}

// A record or a tuple of what is in `values`, which is taken.
static PyObject *assembled(uint32_t index, const Type *type, PyObject **values, uint32_t count) {
    PyObject *object = NULL;
    if (count == type->count) {
        if (type->kind == RECORD) {
            const TypeObjects *objects = &type_objects[index];
            if (!objects->offsets) {
                object = PyObject_Vectorcall(objects->class, values, count, NULL);
            } else if ((object = plain_record(type, objects, values))) {
                return object;
            }
        } else if ((object = type->kind == TUPLE ? PyTuple_New(count) : PyList_New(count))) {
            for (uint32_t part = 0; part < count; part++) {
                (type->kind == TUPLE ? PyTuple_SetItem : PyList_SetItem)(object, part, retained(values[part]));
            }
        }
    }
    for (uint32_t part = 0; part < count; part++) Py_DecRef(values[part]);
    return object;
}

static PyObject *lift_array(const Type *type, const uint8_t *memory) {
    return lift_elements(&type->parts[0], memory, type->module);
}

static PyObject *lift_array_flat(const Type *type, const uint64_t *slots) {
    const Part *element = &type->parts[0];
    uint32_t flat = type_at(element->type)->flat;
    PyObject *list = PyList_New(type->module);
    for (uint32_t index = 0; list && index < type->module; index++) {
        PyObject *item = lift_flat(element->type, slots + index * flat);
        if (!item) {
            Py_DecRef(list);
            return NULL;
        }
        PyList_SetItem(list, index, item);
    }
    if (!list || type_at(element->type)->kind != U8) return list;
    PyObject *bytes = PyBytes_FromObject(list);
    Py_DecRef(list);
    return bytes;
}

PyObject *lift(uint32_t index, const uint8_t *memory) {
    const Type *type = type_at(index);
    const uint32_t *words = (const uint32_t *)memory;
    switch ((Kind)type->kind) {
        case STRING: return lift_string((const void *)(uintptr_t)words[0], words[1]);
        case LIST: case MAP: return lift_list(type, (const uint8_t *)(uintptr_t)words[0], words[1]);
        case ARRAY: return lift_array(type, memory);
        case RECORD: case TUPLE: {
            PyObject *values[type->count + 1];
            uint32_t count = 0;
            for (; count < type->count; count++) {
                values[count] = lift(type->parts[count].type, memory + type->parts[count].offset);
                if (!values[count]) break;
            }
            return assembled(index, type, values, count);
        }
        case FLAGS: return lift_flags(index, memory, type->size);
        case VARIANT: case ENUM: case OPTION: case NESTED_OPTION: case RESULT: {
            uint32_t chosen = type->count > 0x10000 ? words[0] : type->count > 0x100 ? *(const uint16_t *)memory : *memory;
            return lift_case(index, type, chosen, lift_payload, memory);
        }
        case OWN: case BORROW: return lift_handle(type, words[0]);
        case STREAM: case FUTURE: return lift_end(type, words[0]);
        case ERROR_CONTEXT: return lift_context(words[0]);
        default: return lift_scalar(type->kind, memory);
    }
}

PyObject *lift_flat(uint32_t index, const uint64_t *slots) {
    const Type *type = type_at(index);
    switch ((Kind)type->kind) {
        case BOOL: return PyBool_FromLong((uint32_t)slots[0] != 0);
        case STRING: return lift_string((const void *)(uintptr_t)(uint32_t)slots[0], (uint32_t)slots[1]);
        case LIST: case MAP:
            return lift_list(type, (const uint8_t *)(uintptr_t)(uint32_t)slots[0], (uint32_t)slots[1]);
        case ARRAY: return lift_array_flat(type, slots);
        case RECORD: case TUPLE: {
            PyObject *values[type->count + 1];
            uint32_t count = 0;
            for (; count < type->count; count++) {
                values[count] = lift_flat(type->parts[count].type, slots);
                if (!values[count]) break;
                slots += type_at(type->parts[count].type)->flat;
            }
            return assembled(index, type, values, count);
        }
        case FLAGS: return lift_flags(index, (const uint8_t *)slots, type->size);
        case VARIANT: case ENUM: case OPTION: case NESTED_OPTION: case RESULT: {
            uint32_t chosen = (uint32_t)slots[0];
            // The payload of a case lies behind the discriminant, wherever it lies in memory.
            uint32_t skipped = chosen < type->count ? type->parts[chosen].offset : 0;
            return lift_case(index, type, chosen, lift_payload_flat, (const uint8_t *)(slots + 1) - skipped);
        }
        case OWN: case BORROW: return lift_handle(type, (uint32_t)slots[0]);
        case STREAM: case FUTURE: return lift_end(type, (uint32_t)slots[0]);
        case ERROR_CONTEXT: return lift_context((uint32_t)slots[0]);
        default: return lift_scalar(type->kind, slots);
    }
}

PyObject *lift_items(const Transfer *transfer, const uint8_t *memory, uint32_t count) {
    if (transfer->element != NONE && !transfer->is_future) {
        return lift_elements(&(Part){transfer->element}, memory, count);
    }
    PyObject *list = PyList_New(count);
    for (uint32_t index = 0; list && index < count; index++) {
        PyObject *item = transfer->element == NONE ? retained(none) : lift(transfer->element, memory);
        if (!item) {
            Py_DecRef(list);
            return NULL;
        }
        PyList_SetItem(list, index, item);
    }
    return list;
}
