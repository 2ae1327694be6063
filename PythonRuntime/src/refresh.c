// SPDX-License-Identifier: Apache-2.0
// What belongs to an instance and not to the program, set when the first export is called: environment, arguments, random state.
#include "runtime.h"

char **__wasilibc_get_environ(void);
void __wasilibc_deinitialize_environ(void);
void __wasilibc_ensure_environ(void);
void __wasilibc_populate_preopens(void);

typedef struct {
    char *bytes;
    size_t length;
} Text;
typedef struct {
    Text *items;
    size_t count;
} Texts;
__attribute__((import_module("wasi:cli/environment@0.2.0"), import_name("get-arguments"))) void get_arguments(Texts *);

// An attribute of a module that is loaded; null, without an exception, when it is not.
static PyObject *of_loaded(const char *module_name, const char *attribute) {
    PyObject *name = PyUnicode_InternFromString(module_name);
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    PyObject *object = module ? PyObject_GetAttrString(module, attribute) : NULL;
    if (name) Py_DecRef(name);
    if (module) Py_DecRef(module);
    if (!object) PyErr_Clear();
    return object;
}

static int refresh_environment(void) {
    __wasilibc_deinitialize_environ();
    __wasilibc_ensure_environ();
    PyObject *environ = of_loaded("os", "environ");
    char **entry = environ ? __wasilibc_get_environ() : NULL;
    int outcome = 0;
    for (; entry && *entry && outcome == 0; entry++) {
        char *equals = strchr(*entry, '=');
        if (!equals) continue;
        PyObject *name = PyUnicode_DecodeFSDefaultAndSize(*entry, equals - *entry);
        PyObject *value = PyUnicode_DecodeFSDefault(equals + 1);
        outcome = name && value ? PyObject_SetItem(environ, name, value) : -1;
        if (name) Py_DecRef(name);
        if (value) Py_DecRef(value);
    }
    if (environ) Py_DecRef(environ);
    return outcome;
}

// `sys.argv` keeps its identity: somebody may have imported it by name.
static int refresh_arguments(void) {
    PyObject *argv = of_loaded("sys", "argv");
    if (!argv) return 0;
    Texts arguments = {NULL, 0};
    get_arguments(&arguments);
    PyObject *list = PyList_New(0);
    int outcome = list ? 0 : -1;
    for (size_t index = 0; index < arguments.count; index++) {
        Text text = arguments.items[index];
        PyObject *argument = PyUnicode_DecodeFSDefaultAndSize(text.bytes, text.length);
        if (outcome == 0) outcome = argument ? PyList_Append(list, argument) : -1;
        if (argument) Py_DecRef(argument);
        if (text.length) free(text.bytes);
    }
    if (arguments.count) free(arguments.items);
    if (outcome == 0) outcome = PyList_SetSlice(argv, 0, PTRDIFF_MAX, list);
    if (list) Py_DecRef(list);
    Py_DecRef(argv);
    return outcome;
}

static int refresh_random(void) {
    PyObject *seed = of_loaded("random", "seed");
    if (!seed) return 0;
    PyObject *done = PyObject_CallNoArgs(seed);
    Py_DecRef(seed);
    if (done) Py_DecRef(done);
    return done ? 0 : -1;
}

int refresh(void) {
    // Else the first use of a path does it, and with no memory left that drops a handle twice.
    __wasilibc_populate_preopens();
    return refresh_environment() < 0 || refresh_arguments() < 0 || refresh_random() < 0 ? -1 : 0;
}
