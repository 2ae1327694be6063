// SPDX-License-Identifier: Apache-2.0
// Python's values into those of the component model. (CanonicalABI.md, "Storing", "Flat Lowering")
#include "runtime.h"

// Where in a value something is wrong, built from the inside out: `.items[3].price`.
static char place[256];

const char *take_place(void) {
    static char taken[sizeof place];
    memcpy(taken, place, sizeof place);
    place[0] = 0;
    return taken;
}

static void prepend(const char *text) {
    size_t length = strlen(text), rest = strlen(place);
    if (length + rest >= sizeof place) return;
    for (size_t index = rest + 1; index > 0; index--) place[index - 1 + length] = place[index - 1];
    memcpy(place, text, length);
}

static int failed_at_name(const char *name) {
    prepend(name);
    prepend(".");
    return -1;
}

static int failed_at_index(Py_ssize_t position) {
    char text[24];
    char *end = text + sizeof text - 1;
    *end = 0;
    *--end = ']';
    do *--end = '0' + position % 10;
    while ((position /= 10) != 0);
    *--end = '[';
    prepend(end);
    return -1;
}

int unexpected(const char *expected, PyObject *found) {
    PyObject *class = PyObject_Type(found), *name = class ? PyObject_GetAttrString(class, "__name__") : NULL;
    if (name) PyErr_Format(PyExc_TypeError, "expected %s, found %U", expected, name);
    if (name) Py_DecRef(name);
    if (class) Py_DecRef(class);
    return -1;
}

// What a conversion says of an object that is no number of the kind; other exceptions are the object's own.
static int not_converted(const char *expected, PyObject *object) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return -1;
    PyErr_Clear();
    return unexpected(expected, object);
}

// An integer as it is read; one with very many digits, which Python would refuse to print, by how long it is.
static PyObject *described_integer(PyObject *object) {
    PyObject *method = PyObject_GetAttrString(object, "bit_length"), *bits = method ? PyObject_CallNoArgs(method) : NULL;
    long long count = bits ? PyLong_AsLongLong(bits) : 0;
    if (method) Py_DecRef(method);
    if (bits) Py_DecRef(bits);
    PyErr_Clear();
    return count > 256 ? PyUnicode_FromFormat("one of %lld bits", count) : PyObject_Str(object);
}

static int out_of_range(const char *format, long long least, unsigned long long most, PyObject *object) {
    PyObject *found = described_integer(object);
    if (found) PyErr_Format(PyExc_OverflowError, format, least, most, found);
    if (found) Py_DecRef(found);
    return -1;
}

static int integer(PyObject *object, long long least, long long most, long long *value) {
    *value = PyLong_AsLongLong(object);
    if (*value == -1 && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_OverflowError)) return not_converted("int", object);
        PyErr_Clear();
    } else if (*value >= least && *value <= most) {
        return 0;
    }
    return out_of_range("expected an integer from %lld to %lld, found %U", least, (unsigned long long)most, object);
}

static int boolean(PyObject *object, uint8_t *value) {
    if (object == true_object || object == false_object) {
        *value = object == true_object;
        return 0;
    }
    // What is a number says whether it is zero; whether something else is empty is not what was asked.
    PyObject *is_number = object == none ? NULL : PyObject_GetAttrString(object, "__bool__");
    if (!is_number) {
        PyErr_Clear();
        return unexpected("bool", object);
    }
    Py_DecRef(is_number);
    int truth = PyObject_IsTrue(object);
    *value = truth > 0;
    return truth < 0 ? -1 : 0;
}

static int real(PyObject *object, double *value) {
    *value = PyFloat_AsDouble(object);
    return *value != -1.0 || !PyErr_Occurred() ? 0 : not_converted("float", object);
}

static int lower_scalar(Kind kind, PyObject *object, void *memory) {
    long long value = 0;
    double number = 0;
    switch (kind) {
        case BOOL: return boolean(object, memory);
        case S8: if (integer(object, -0x80, 0x7f, &value) < 0) return -1; *(int8_t *)memory = value; return 0;
        case U8: if (integer(object, 0, 0xff, &value) < 0) return -1; *(uint8_t *)memory = value; return 0;
        case S16: if (integer(object, -0x8000, 0x7fff, &value) < 0) return -1; *(int16_t *)memory = value; return 0;
        case U16: if (integer(object, 0, 0xffff, &value) < 0) return -1; *(uint16_t *)memory = value; return 0;
        case S32: if (integer(object, INT32_MIN, INT32_MAX, &value) < 0) return -1; *(int32_t *)memory = value; return 0;
        case U32: if (integer(object, 0, UINT32_MAX, &value) < 0) return -1; *(uint32_t *)memory = value; return 0;
        case S64: if (integer(object, INT64_MIN, INT64_MAX, &value) < 0) return -1; *(int64_t *)memory = value; return 0;
        case U64: {
            unsigned long long whole = PyLong_AsUnsignedLongLong(object);
            if (whole == (unsigned long long)-1 && PyErr_Occurred()) {
                // One that is negative is out of range, too; of another object that is like an integer, the integer is taken.
                if (PyErr_ExceptionMatches(PyExc_TypeError)) {
                    long long small;
                    PyErr_Clear();
                    if (integer(object, 0, INT64_MAX, &small) < 0) return -1;
                    whole = (unsigned long long)small;
                } else if (PyErr_ExceptionMatches(PyExc_OverflowError) || PyErr_ExceptionMatches(PyExc_ValueError)) {
                    PyErr_Clear();
                    return out_of_range("expected an integer from %lld to %llu, found %U", 0, UINT64_MAX, object);
                } else {
                    return -1;
                }
            }
            *(uint64_t *)memory = whole;
            return 0;
        }
        case F32: if (real(object, &number) < 0) return -1; *(float *)memory = (float)number; return 0;
        case F64: if (real(object, &number) < 0) return -1; *(double *)memory = number; return 0;
        default: {
            Py_ssize_t length = PyUnicode_GetLength(object);
            if (length < 0) return not_converted("str", object);
            if (length != 1) {
                PyErr_Format(PyExc_ValueError, "expected one Unicode character, found %zd", length);
                return -1;
            }
            uint32_t letter = PyUnicode_ReadChar(object, 0);
            if (letter >= 0xd800 && letter < 0xe000) {
                PyErr_Format(PyExc_ValueError, "expected one Unicode character, found the surrogate %R", object);
                return -1;
            }
            *(uint32_t *)memory = letter;
            return 0;
        }
    }
}

// The most bytes that a string or list may have. (CanonicalABI.md, `MAX_STRING_BYTE_LENGTH`, `MAX_LIST_BYTE_LENGTH`)
enum { MOST_BYTES = (1 << 28) - 1 };

static int lower_bytes(const char *bytes, Py_ssize_t length, uint32_t *pointer, uint32_t *count) {
    if (length > MOST_BYTES) {
        PyErr_Format(PyExc_ValueError, "expected at most %d bytes, found %zd", MOST_BYTES, length);
        return -1;
    }
    char *copy = arena_allocate(length, 1);
    if (!copy) return -1;
    memcpy(copy, bytes, length);
    *pointer = (uint32_t)(uintptr_t)copy;
    *count = (uint32_t)length;
    return 0;
}

int lower_string(PyObject *object, uint32_t *pointer, uint32_t *count) {
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(object, &length);
    return text ? lower_bytes(text, length, pointer, count) : not_converted("str", object);
}

// `bytes`, what has a buffer, or a sequence of integers.
static int lower_octets(PyObject *object, uint32_t *pointer, uint32_t *count) {
    char *bytes;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(object, &bytes, &length) == 0) return lower_bytes(bytes, length, pointer, count);
    PyErr_Clear();
    PyObject *copy = PyBytes_FromObject(object);
    if (!copy) return not_converted("bytes", object);
    int outcome = PyBytes_AsStringAndSize(copy, &bytes, &length);
    if (outcome == 0) outcome = lower_bytes(bytes, length, pointer, count);
    Py_DecRef(copy);
    return outcome;
}

// The elements of a sequence one after the other; `memory` is null where they are to be allocated.
static int lower_elements(const Part *element, PyObject *object, uint8_t **memory, Py_ssize_t *count) {
    const Type *type = type_at(element->type);
    // A text is a sequence of texts, but hardly meant as one.
    if (PyObject_IsInstance(object, str_class)) return unexpected("a sequence", object);
    PyObject *items = PySequence_Fast(object, "");
    if (!items) return not_converted("a sequence", object);
    Py_ssize_t length = PySequence_Size(items);
    if (*memory && length != *count) {
        PyErr_Format(PyExc_ValueError, "expected %zd elements, found %zd", *count, length);
        Py_DecRef(items);
        return -1;
    }
    if ((uint64_t)length * type->size > MOST_BYTES) {
        PyErr_Format(
            PyExc_ValueError, "expected at most %d elements, found %zd", MOST_BYTES / (int)type->size, length);
        Py_DecRef(items);
        return -1;
    }
    if (!*memory) *memory = arena_allocate(length * type->size, type->alignment);
    *count = length;
    int outcome = *memory ? 0 : -1;
    for (Py_ssize_t index = 0; outcome == 0 && index < length; index++) {
        PyObject *item = PySequence_GetItem(items, index);
        outcome = item ? lower(element->type, item, *memory + index * type->size) : -1;
        if (item) Py_DecRef(item);
        if (outcome < 0) failed_at_index(index);
    }
    Py_DecRef(items);
    return outcome;
}

static int lower_list(const Type *type, PyObject *object, uint32_t *pointer, uint32_t *count) {
    if (type->kind == LIST && type_at(type->parts[0].type)->kind == U8) return lower_octets(object, pointer, count);
    PyObject *items = type->kind == MAP ? PyMapping_Items(object) : NULL;
    if (type->kind == MAP && !items) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return not_converted("dict", object);
        PyErr_Clear();
        return unexpected("dict", object);
    }
    uint8_t *memory = NULL;
    Py_ssize_t length = 0;
    int outcome = lower_elements(&type->parts[0], items ? items : object, &memory, &length);
    if (items) Py_DecRef(items);
    *pointer = (uint32_t)(uintptr_t)memory;
    *count = (uint32_t)length;
    return outcome;
}

static int lower_flags(uint32_t index, PyObject *object, uint32_t *bits) {
    if (PyObject_IsInstance(object, type_objects[index].class) != 1) {
        return unexpected(text_at(type_at(index)->name), object);
    }
    PyObject *value = PyObject_GetAttr(object, name_value);
    long long number = 0;
    int outcome = value ? integer(value, 0, UINT32_MAX, &number) : -1;
    if (value) Py_DecRef(value);
    *bits = (uint32_t)number;
    return outcome;
}

// The payload of an option is the object itself.
static int failed_at_payload(const Type *type) {
    return type->kind == OPTION ? -1 : failed_at_name("value");
}

// A field, which may never have been given a value.
static PyObject *attribute_of(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GetAttr(object, name);
    if (!value && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "`%U` is not set", name);
    }
    return value;
}

// Which case an object is of, with its payload as a new reference, or null.
static int case_of(uint32_t index, const Type *type, PyObject *object, PyObject **payload) {
    *payload = NULL;
    if (type->kind == OPTION || (type->kind == NESTED_OPTION && object == none)) {
        if (object == none) return 0;
        Py_IncRef(object);
        *payload = object;
        return 1;
    }
    uint32_t chosen = type->count;
    if (type->kind == ENUM) {
        for (chosen = 0; chosen < type->count && type_objects[index].parts[chosen] != object; chosen++) {}
        if (chosen == type->count) return unexpected(text_at(type->name), object);
        return chosen;
    }
    PyObject *class = PyObject_Type(object);
    if (type->kind == NESTED_OPTION) {
        if (class == some_class) chosen = 1;
    } else if (type->kind == RESULT) {
        chosen = class == ok_class ? 0 : class == err_class || PyObject_IsInstance(object, err_class) == 1 ? 1 : 2;
    } else {
        for (chosen = 0; chosen < type->count && type_objects[index].parts[chosen] != class; chosen++) {}
    }
    Py_DecRef(class);
    if (chosen >= type->count) {
        const char *expected = type->kind == RESULT          ? "Ok or Err"
                               : type->kind == NESTED_OPTION ? "Some or None"
                                                             : text_at(type->name);
        return unexpected(expected, object);
    }
    if (type->parts[chosen].type != NONE && !(*payload = attribute_of(object, name_value))) {
        return failed_at_payload(type);
    }
    return chosen;
}

static PyObject *part_of(uint32_t index, const Type *type, PyObject *object, uint32_t part) {
    if (type->kind == TUPLE) return PySequence_GetItem(object, part);
    const TypeObjects *objects = &type_objects[index];
    PyObject *value = is_plain(objects, object) ? plain_part(objects, object, part) : NULL;
    return value ? value : attribute_of(object, objects->parts[part]);
}

static int failed_at_part(const Type *type, uint32_t part) {
    return type->kind == TUPLE ? failed_at_index(part) : failed_at_name(text_at(type->parts[part].name));
}

// Whether an object can be a record or tuple of this type.
static int check_parts(uint32_t index, const Type *type, PyObject *object) {
    if (type->kind == RECORD) {
        const TypeObjects *objects = &type_objects[index];
        if (is_plain(objects, object) || PyObject_IsInstance(object, objects->class) == 1) return 0;
        PyErr_Clear();
        return unexpected(text_at(type->name), object);
    }
    if (PyObject_IsInstance(object, tuple_class) != 1 && PyObject_IsInstance(object, list_class) != 1) {
        return unexpected("tuple", object);
    }
    Py_ssize_t count = PySequence_Size(object);
    if (count == (Py_ssize_t)type->count) return 0;
    if (count < 0) return -1;
    PyErr_Format(PyExc_TypeError, "expected a tuple of %u, found one of %zd", type->count, count);
    return -1;
}

int lower(uint32_t index, PyObject *object, uint8_t *memory) {
    const Type *type = type_at(index);
    uint32_t *words = (uint32_t *)memory;
    switch ((Kind)type->kind) {
        case STRING: return lower_string(object, words, words + 1);
        case LIST: case MAP: return lower_list(type, object, words, words + 1);
        case ARRAY: {
            Py_ssize_t count = type->module;
            return lower_elements(&type->parts[0], object, &memory, &count);
        }
        case RECORD: case TUPLE:
            if (check_parts(index, type, object) < 0) return -1;
            for (uint32_t part = 0; part < type->count; part++) {
                PyObject *value = part_of(index, type, object, part);
                int outcome = value ? lower(type->parts[part].type, value, memory + type->parts[part].offset) : -1;
                if (value) Py_DecRef(value);
                if (outcome < 0) return failed_at_part(type, part);
            }
            return 0;
        case FLAGS: {
            uint32_t bits;
            if (lower_flags(index, object, &bits) < 0) return -1;
            memcpy(memory, &bits, type->size);
            return 0;
        }
        case VARIANT: case ENUM: case OPTION: case NESTED_OPTION: case RESULT: {
            PyObject *payload;
            int chosen = case_of(index, type, object, &payload);
            if (chosen < 0) return -1;
            memcpy(memory, &chosen, type->count > 0x10000 ? 4 : type->count > 0x100 ? 2 : 1);
            const Part *part = &type->parts[chosen];
            int outcome = payload && part->type != NONE ? lower(part->type, payload, memory + part->offset) : 0;
            if (payload) Py_DecRef(payload);
            return outcome < 0 ? failed_at_payload(type) : 0;
        }
        case OWN: case BORROW: return lower_handle(type, object, words);
        case STREAM: case FUTURE: return lower_end(type, object, words);
        case ERROR_CONTEXT: return lower_context(object, words);
        default: return lower_scalar(type->kind, object, memory);
    }
}

static int lower_array_flat(const Type *type, PyObject *object, uint64_t *slots) {
    const Part *element = &type->parts[0];
    if (PyObject_IsInstance(object, str_class)) return unexpected("a sequence", object);
    Py_ssize_t count = PySequence_Size(object);
    if (count < 0) return not_converted("a sequence", object);
    if (count != (Py_ssize_t)type->module) {
        PyErr_Format(PyExc_ValueError, "expected %u elements, found %zd", type->module, count);
        return -1;
    }
    for (uint32_t index = 0; index < type->module; index++) {
        PyObject *item = PySequence_GetItem(object, index);
        int outcome = item ? lower_flat(element->type, item, slots) : -1;
        if (item) Py_DecRef(item);
        if (outcome < 0) return failed_at_index(index);
        slots += type_at(element->type)->flat;
    }
    return 0;
}

int lower_flat(uint32_t index, PyObject *object, uint64_t *slots) {
    const Type *type = type_at(index);
    memset(slots, 0, sizeof *slots * type->flat);
    switch ((Kind)type->kind) {
        case STRING: case LIST: case MAP: {
            uint32_t pointer = 0, count = 0;
            int outcome = type->kind == STRING ? lower_string(object, &pointer, &count)
                                               : lower_list(type, object, &pointer, &count);
            slots[0] = pointer;
            slots[1] = count;
            return outcome;
        }
        case ARRAY: return lower_array_flat(type, object, slots);
        case RECORD: case TUPLE:
            if (check_parts(index, type, object) < 0) return -1;
            for (uint32_t part = 0; part < type->count; part++) {
                PyObject *value = part_of(index, type, object, part);
                int outcome = value ? lower_flat(type->parts[part].type, value, slots) : -1;
                if (value) Py_DecRef(value);
                if (outcome < 0) return failed_at_part(type, part);
                slots += type_at(type->parts[part].type)->flat;
            }
            return 0;
        case FLAGS: return lower_flags(index, object, (uint32_t *)slots);
        case VARIANT: case ENUM: case OPTION: case NESTED_OPTION: case RESULT: {
            PyObject *payload;
            int chosen = case_of(index, type, object, &payload);
            if (chosen < 0) return -1;
            slots[0] = (uint32_t)chosen;
            const Part *part = &type->parts[chosen];
            int outcome = payload && part->type != NONE ? lower_flat(part->type, payload, slots + 1) : 0;
            if (payload) Py_DecRef(payload);
            return outcome < 0 ? failed_at_payload(type) : 0;
        }
        case OWN: case BORROW: return lower_handle(type, object, (uint32_t *)slots);
        case STREAM: case FUTURE: return lower_end(type, object, (uint32_t *)slots);
        case ERROR_CONTEXT: return lower_context(object, (uint32_t *)slots);
        // Narrow integers with a sign fill 32 bits.
        case S8: case S16: {
            long long value;
            long long most = type->kind == S8 ? 0x7f : 0x7fff;
            if (integer(object, -most - 1, most, &value) < 0) return -1;
            slots[0] = (uint32_t)(int32_t)value;
            return 0;
        }
        default: return lower_scalar(type->kind, object, slots);
    }
}

int lower_items(const Transfer *transfer, PyObject *items, uint8_t **memory, uint32_t *count) {
    Py_ssize_t length = 0;
    if (is_octets(transfer)) {
        uint32_t pointer;
        int outcome = lower_octets(items, &pointer, count);
        *memory = (uint8_t *)(uintptr_t)pointer;
        return outcome;
    }
    if (transfer->element == NONE) {
        length = PySequence_Size(items);
        *count = (uint32_t)length;
        return length < 0 ? -1 : 0;
    }
    PyObject *some = NULL;
    if (transfer->holds_handles && (length = PySequence_Size(items)) > 1) {
        if (!(some = PySequence_GetSlice(items, 0, 1))) return -1;
        items = some;
    }
    *memory = NULL;
    int outcome = length < 0 ? -1 : lower_elements(&(Part){transfer->element}, items, memory, &length);
    if (some) Py_DecRef(some);
    *count = (uint32_t)length;
    return outcome;
}
