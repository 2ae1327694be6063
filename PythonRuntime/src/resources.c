// SPDX-License-Identifier: Apache-2.0
// Handles. An object of an imported resource holds the index of its handle; an object of a resource of our own is known to
// others by its place in a table here.
#include "runtime.h"

// The objects of our own resources by their representations; free places lead to one another.
static struct {
    PyObject **places;
    uint32_t *next_free;
    uint32_t count, capacity, free;
} objects = {.free = NONE};

static uint32_t add_object(PyObject *object) {
    uint32_t place = objects.free;
    if (place != NONE) {
        objects.free = objects.next_free[place];
    } else {
        if (objects.count == objects.capacity) {
            objects.capacity = objects.capacity ? objects.capacity * 2 : 64;
            objects.places = realloc(objects.places, objects.capacity * sizeof *objects.places);
            objects.next_free = realloc(objects.next_free, objects.capacity * sizeof *objects.next_free);
            if (!objects.places || !objects.next_free) {
                fail_because("out of memory: cannot pass an object");
            }
        }
        place = objects.count++;
    }
    Py_IncRef(object);
    objects.places[place] = object;
    return place;
}

static PyObject *object_at(uint32_t place) {
    PyObject *object = objects.places[place];
    Py_IncRef(object);
    return object;
}

// The destructor of resources of our own: nobody outside has the object any more.
EXPORT(dovetail_python_destroy)(uint32_t place) {
    PyObject *object = objects.places[place];
    objects.places[place] = NULL;
    objects.next_free[place] = objects.free;
    objects.free = place;
    Py_DecRef(object);
}

// What is borrowed by the call that is running, and handles that were made to lend objects of our own.
typedef struct {
    PyObject *object;
    uint32_t resource;
} Borrow;
static Borrow *borrows;
static size_t borrow_count, borrow_capacity;

// What was lowered for the call that is running: objects whose handle it takes away, and handles that have no object here, of
// objects of our own and of error contexts, whose resource is `NONE`.
struct Gift {
    PyObject *object;
    uint32_t resource, handle;
    int is_lent;
};
static Gift *gifts;
static size_t gift_count, gift_capacity;

static void *with_place(void *memory, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) return memory;
    *capacity = *capacity ? *capacity * 2 : 16;
    memory = realloc(memory, *capacity * size);
    if (!memory) fail_because("out of memory: cannot pass an object");
    return memory;
}

Loans loans_mark(void) { return (Loans){borrow_count, gift_count}; }

int loans_end_borrows(Loans mark) {
    int outcome = 0;
    while (borrow_count > mark.borrows) {
        PyObject *object = borrows[--borrow_count].object;
        PyObject *done = release_object(NULL, object);
        if (done) Py_DecRef(done); else outcome = -1;
        Py_DecRef(object);
    }
    return outcome;
}

static void end_gift(Gift gift, int arrived) {
    if (gift.resource == NONE) {
        // Others have a copy.
        dovetail_world_context(CONTEXT_DROP, gift.handle, 0);
        return;
    }
    if (!gift.object) {
        // What was lent comes back, and what never left is taken back.
        if (gift.is_lent || !arrived) dovetail_world_resource(RESOURCE_DROP, gift.resource, gift.handle);
        return;
    }
    if (!arrived) {
        PyObject *raised = PyErr_GetRaisedException(), *number = PyLong_FromUnsignedLong(gift.handle);
        if (number) PyObject_SetAttr(gift.object, name_handle, number);
        if (number) Py_DecRef(number);
        PyErr_SetRaisedException(raised);
    }
    Py_DecRef(gift.object);
}

void loans_end_gifts(Loans mark, int arrived) {
    while (gift_count > mark.gifts) end_gift(gifts[--gift_count], arrived);
}

// Error contexts that exports have returned: their caller copies them after the export has ended.
static Gift *returned;
static size_t returned_count, returned_capacity;

void loans_return_gifts(Loans mark) {
    while (gift_count > mark.gifts) {
        Gift gift = gifts[--gift_count];
        if (gift.resource != NONE) {
            end_gift(gift, 1);
            continue;
        }
        returned = with_place(returned, returned_count, &returned_capacity, sizeof *returned);
        returned[returned_count++] = gift;
    }
}

void loans_end_returned(void) {
    while (returned_count > 0) end_gift(returned[--returned_count], 1);
}

Given loans_take_gifts(Loans mark) {
    Given given = {NULL, gift_count - mark.gifts};
    if (!given.count) return given;
    given.gifts = malloc(given.count * sizeof *given.gifts);
    if (!given.gifts) fail_because("out of memory: cannot pass an object");
    memcpy(given.gifts, gifts + mark.gifts, given.count * sizeof *given.gifts);
    gift_count = mark.gifts;
    return given;
}

void given_end(Given *given, int arrived) {
    Gift *taken = given->gifts;
    for (size_t index = given->count; index > 0; index--) end_gift(taken[index - 1], arrived);
    free(taken);
    *given = (Given){NULL, 0};
}

PyObject *loans_take_borrows(Loans mark) {
    PyObject *list = PyList_New(0);
    while (borrow_count > mark.borrows) {
        PyObject *object = borrows[--borrow_count].object;
        if (list && PyList_Append(list, object) < 0) {
            Py_DecRef(list);
            list = NULL;
        }
        Py_DecRef(object);
    }
    return list;
}

int release_all(PyObject *borrowed) {
    int outcome = 0;
    Py_ssize_t count = PySequence_Size(borrowed);
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *object = PySequence_GetItem(borrowed, index);
        PyObject *done = object ? release_object(NULL, object) : NULL;
        if (done) Py_DecRef(done); else outcome = -1;
        if (object) Py_DecRef(object);
    }
    return count < 0 ? -1 : outcome;
}

static void add_gift(PyObject *object, uint32_t resource, uint32_t handle, int is_lent) {
    gifts = with_place(gifts, gift_count, &gift_capacity, sizeof *gifts);
    if (object) Py_IncRef(object);
    gifts[gift_count++] = (Gift){object, resource, handle, is_lent};
}

// An object of an imported resource that holds `handle`.
static PyObject *imported_object(uint32_t resource, uint32_t handle) {
    PyObject *number = PyLong_FromUnsignedLong(handle);
    if (!number || lifts_raw_handles) return number;
    PyObject *object = PyType_GenericAlloc(resource_classes[resource], 0);
    if (object && PyObject_SetAttr(object, name_handle, number) < 0) {
        Py_DecRef(object);
        object = NULL;
    }
    Py_DecRef(number);
    return object;
}

PyObject *lift_handle(const Type *type, uint32_t handle) {
    uint32_t resource = type->module;
    if (resource_at(resource)->exported) {
        // A borrowed object of our own comes as its representation; an owned one is ours again.
        if (type->kind == BORROW) return object_at(handle);
        PyObject *object = object_at(dovetail_world_resource(RESOURCE_REP, resource, handle));
        dovetail_world_resource(RESOURCE_DROP, resource, handle);
        return object;
    }
    PyObject *object = imported_object(resource, handle);
    if (object && type->kind == BORROW) {
        borrows = with_place(borrows, borrow_count, &borrow_capacity, sizeof *borrows);
        Py_IncRef(object);
        borrows[borrow_count++] = (Borrow){object, resource};
    }
    return object;
}

// The handle in an object of an imported resource.
static int handle_of(PyObject *object, uint32_t *handle) {
    PyObject *number = PyObject_GetAttr(object, name_handle);
    // An object whose initializer has failed has none either.
    if (!number && !PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
    if (!number || number == none) {
        if (number) Py_DecRef(number); else PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "it was given away or dropped");
        return -1;
    }
    *handle = (uint32_t)PyLong_AsUnsignedLong(number);
    Py_DecRef(number);
    return PyErr_Occurred() ? -1 : 0;
}

// Whether an object can stand for a resource of our own: one of the class of the bindings, or one with all of its methods.
static int check_object(uint32_t index, PyObject *object) {
    const Resource *resource = resource_at(index);
    int matches = PyObject_IsInstance(object, resource_classes[index]);
    if (matches) return matches < 0 ? -1 : 0;
    const char *module = text_at(resource->module), *class = text_at(resource->class);
    size_t length = strlen(module);
    int methods = 0;
    for (uint32_t number = 0; number < table->exports; number++) {
        const Function *function = export_at(number);
        const char *protocol = text_at(function->protocol);
        if (function->kind != EXPORT_METHOD || strncmp(protocol, module, length) || protocol[length] != '.'
            || strcmp(protocol + length + 1, class)) {
            continue;
        }
        PyObject *method = PyObject_GetAttrString(object, text_at(function->method));
        if (!method) {
            PyErr_Clear();
            return unexpected(class, object);
        }
        Py_DecRef(method);
        methods++;
    }
    return methods || object != none ? 0 : unexpected(class, object);
}

int lower_handle(const Type *type, PyObject *object, uint32_t *handle) {
    uint32_t resource = type->module;
    if (resource_at(resource)->exported) {
        if (check_object(resource, object) < 0) return -1;
        *handle = dovetail_world_resource(RESOURCE_NEW, resource, add_object(object));
        add_gift(NULL, resource, *handle, type->kind == BORROW);
        return 0;
    }
    int matches = PyObject_IsInstance(object, resource_classes[resource]);
    if (matches < 0) return -1;
    if (!matches) return unexpected(text_at(resource_at(resource)->class), object);
    return type->kind == BORROW ? handle_of(object, handle) : give_handle(object, handle);
}

int give_handle(PyObject *object, uint32_t *handle) {
    if (handle_of(object, handle) < 0) return -1;
    add_gift(object, 0, *handle, 0);
    return PyObject_SetAttr(object, name_handle, none);
}

// Drops the handle in an object of an imported resource, if it still has one.
PyObject *release_object(PyObject *self, PyObject *object) {
    PyObject *number = PyObject_GetAttr(object, name_handle);
    if (!number) PyErr_Clear();
    if (!number || number == none) {
        if (number) Py_DecRef(number);
        Py_IncRef(none);
        return none;
    }
    uint32_t handle = (uint32_t)PyLong_AsUnsignedLong(number);
    Py_DecRef(number);
    PyObject *class = PyObject_GetAttr(object, name_resource);
    uint32_t resource = class ? (uint32_t)PyLong_AsUnsignedLong(class) : 0;
    if (class) Py_DecRef(class);
    if (PyErr_Occurred() || PyObject_SetAttr(object, name_handle, none) < 0) return NULL;
    dovetail_world_resource(RESOURCE_DROP, resource, handle);
    Py_IncRef(none);
    return none;
}

PyObject *lift_context(uint32_t handle) {
    uint32_t message[2] = {0};
    dovetail_world_context(CONTEXT_MESSAGE, handle, (uint32_t)(uintptr_t)message);
    dovetail_world_context(CONTEXT_DROP, handle, 0);
    PyObject *text = lift_string((const void *)(uintptr_t)message[0], message[1]);
    PyObject *object = text ? PyObject_CallOneArg(context_class, text) : NULL;
    if (text) Py_DecRef(text);
    return object;
}

int lower_context(PyObject *object, uint32_t *handle) {
    int matches = PyObject_IsInstance(object, context_class);
    if (matches < 0) return -1;
    if (!matches) return unexpected("ErrorContext", object);
    PyObject *text = PyObject_GetAttrString(object, "debug_message");
    uint32_t pointer, length;
    int outcome = text ? lower_string(text, &pointer, &length) : -1;
    if (text) Py_DecRef(text);
    if (outcome < 0) return -1;
    *handle = dovetail_world_context(CONTEXT_NEW, pointer, length);
    add_gift(NULL, NONE, *handle, 1);
    return 0;
}

// `_dovetail.resource(interface, name)`: the index of an imported resource.
PyObject *imported_resource(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    Py_ssize_t length;
    const char *interface = count == 2 ? PyUnicode_AsUTF8AndSize(arguments[0], &length) : NULL;
    const char *name = interface ? PyUnicode_AsUTF8AndSize(arguments[1], &length) : NULL;
    if (!name) return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_TypeError, "expected an interface and a name");
    for (uint32_t index = 0; index < table->resources; index++) {
        const Resource *resource = resource_at(index);
        if (!resource->exported && !strcmp(text_at(resource->interface), interface)
            && !strcmp(text_at(resource->name), name)) {
            return PyLong_FromUnsignedLong(index);
        }
    }
    return PyErr_Format(PyExc_LookupError, "the world imports no resource `%s` of `%s`", name, interface);
}
