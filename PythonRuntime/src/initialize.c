// SPDX-License-Identifier: Apache-2.0
// Starts CPython, imports the app, and finds what the world speaks of in it: once, before the snapshot, or at the first call
// where there is none.
#include "runtime.h"

TypeObjects *type_objects;
PyObject **resource_classes;
PyObject *ok_class, *err_class, *some_class, *context_class, *none, *name_value, *name_handle, *name_resource;
PyObject *true_object, *false_object, *str_class, *tuple_class, *list_class;
static enum { UNTOUCHED, INITIALIZED, RUNNING } state;

// What finds the exports of the world in the app, in Python.
static const char bind_source[] = {
#embed "bind.py"
    , 0};

static PyMethodDef methods[] = {
    {"function", (PyCFunction)(void *)imported_function, METH_FASTCALL, NULL},
    {"resource", (PyCFunction)(void *)imported_resource, METH_FASTCALL, NULL},
    {"release", release_object, METH_O, NULL},
    {"finish", (PyCFunction)(void *)finish_import, METH_FASTCALL, NULL},
    {"task", (PyCFunction)(void *)task_operation, METH_FASTCALL, NULL},
    {"poll", poll_set, METH_O, NULL},
    {"task_return", (PyCFunction)(void *)task_return, METH_FASTCALL, NULL},
    {"transfer", (PyCFunction)(void *)transfer_operation, METH_FASTCALL, NULL},
    {"reader", (PyCFunction)(void *)make_reader, METH_FASTCALL, NULL},
    {"read", (PyCFunction)(void *)begin_read, METH_FASTCALL, NULL},
    {"write", (PyCFunction)(void *)begin_write, METH_FASTCALL, NULL},
    {"copied", (PyCFunction)(void *)end_copy, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef module = {{.references = IMMORTAL}, "_dovetail", NULL, -1, methods, NULL, NULL, NULL, NULL};
static PyObject *create_module(void) { return PyModule_Create2(&module, PYTHON_API_VERSION); }

// What `os` takes over from `posix` when it is imported.
static int complete_posix(void) {
    static PyMethodDef functions[] = {
        {"dup", duplicate_descriptor, METH_O, NULL},
        {"dup2", (PyCFunction)(void *)replace_descriptor, METH_FASTCALL | METH_KEYWORDS, NULL},
        {NULL, NULL, 0, NULL},
    };
    PyObject *posix = PyImport_ImportModule("posix");
    int outcome = posix ? PyModule_AddFunctions(posix, functions) : -1;
    if (posix) Py_DecRef(posix);
    return outcome;
}

static int start_python(void) {
    // Code of the app and its bindings comes before what it is found on: `app`, `bindings`, the standard library.
    static char *paths[] = {"/app/0", "/bindings", "/python"};
    PyImport_AppendInittab("_dovetail", create_module);
    PyInitConfig *config = PyInitConfig_Create();
    int outcome = config ? 0 : -1;
#define SET(kind, ...) \
    if (outcome == 0) outcome = PyInitConfig_Set##kind(config, __VA_ARGS__)
    SET(Int, "write_bytecode", 0);
    SET(Int, "site_import", 0);
    SET(Int, "utf8_mode", 1);
    SET(Int, "install_signal_handlers", 0);
    // Nobody flushes at the end of a call.
    SET(Int, "buffered_stdio", 0);
    SET(Int, "use_hash_seed", 1);
    SET(Int, "hash_seed", 0);
    SET(Str, "home", "/python");
    SET(Str, "stdlib_dir", "/python");
    SET(StrList, "module_search_paths", sizeof paths / sizeof *paths, paths);
#undef SET
    if (outcome == 0) outcome = Py_InitializeFromInitConfig(config);
    if (outcome < 0) {
        const char *reason = "out of memory";
        if (config) PyInitConfig_GetError(config, &reason);
        say("Python does not start: ", reason);
    }
    if (config) PyInitConfig_Free(config);
    return outcome;
}

// A named object of a module, as a new reference.
PyObject *object_of(const char *module_name, const char *name) {
    PyObject *found = PyImport_ImportModule(module_name);
    PyObject *object = found ? PyObject_GetAttrString(found, name) : NULL;
    if (found) Py_DecRef(found);
    return object;
}

static PyObject *part_object(const Type *type, PyObject *class, const Part *part) {
    switch ((Kind)type->kind) {
        case RECORD: return PyUnicode_InternFromString(text_at(part->name));
        case VARIANT: return object_of(text_at(type->module), text_at(part->name));
        case ENUM: return PyObject_GetAttrString(class, text_at(part->name));
        default: return none;
    }
}

static int find_types(void) {
    type_objects = calloc(table->types + 1, sizeof *type_objects);
    for (uint32_t index = 0; type_objects && index < table->types; index++) {
        const Type *type = type_at(index);
        int has_class = type->kind == RECORD || type->kind == ENUM || type->kind == FLAGS;
        if (!has_class && type->kind != VARIANT) continue;
        TypeObjects *objects = &type_objects[index];
        if (has_class && !(objects->class = object_of(text_at(type->module), text_at(type->name)))) return -1;
        if (!(objects->parts = calloc(type->count + 1, sizeof *objects->parts))) return -1;
        for (uint32_t part = 0; part < type->count; part++) {
            objects->parts[part] = part_object(type, objects->class, &type->parts[part]);
            if (!objects->parts[part]) return -1;
        }
        if (type->kind == RECORD) find_offsets(type, objects);
    }
    return type_objects ? 0 : -1;
}

static int find_resources(void) {
    resource_classes = calloc(table->resources + 1, sizeof *resource_classes);
    for (uint32_t index = 0; resource_classes && index < table->resources; index++) {
        const Resource *resource = resource_at(index);
        resource_classes[index] = object_of(text_at(resource->module), text_at(resource->class));
        if (!resource_classes[index]) return -1;
    }
    return resource_classes ? 0 : -1;
}

// What `bind.py` is told of an export.
static PyObject *described(const Function *function) {
    static const char *const kinds[] = {"function", "constructor", "method", "static"};
    const char *texts[] = {
        kinds[function->kind], text_at(function->module), text_at(function->holder), text_at(function->method),
        text_at(function->protocol),
    };
    PyObject *description = PyTuple_New(7);
    for (uint32_t index = 0; description && index < 5; index++) {
        PyTuple_SetItem(description, index, PyUnicode_InternFromString(texts[index]));
    }
    if (description) PyTuple_SetItem(description, 5, PyLong_FromUnsignedLong(function->arity));
    if (description) PyTuple_SetItem(description, 6, PyBool_FromLong((function->flags & IS_ASYNC) != 0));
    return description;
}

static int find_exports(void) {
    PyObject *globals = PyDict_New(), *code = Py_CompileString(bind_source, "<bindings>", Py_file_input);
    PyObject *list = PyList_New(0);
    if (!globals || !code || !list) return -1;
    PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins());
    PyObject *done = PyEval_EvalCode(code, globals, globals);
    if (!done) return -1;
    Py_DecRef(done);
    for (uint32_t index = 0; index < table->exports; index++) {
        PyObject *description = described(export_at(index));
        if (!description || PyList_Append(list, description) < 0) return -1;
        Py_DecRef(description);
    }
    PyObject *bind = PyDict_GetItemString(globals, "bind");
    PyObject *arguments[] = {PyUnicode_InternFromString(text_at(table->app)), list};
    PyObject *exports = PyObject_Vectorcall(bind, arguments, 2, NULL);
    if (!exports || bind_exports(exports) < 0) return -1;
    Py_DecRef(exports);
    Py_DecRef(arguments[0]);
    Py_DecRef(list);
    Py_DecRef(code);
    Py_DecRef(globals);
    return 0;
}

static int find_objects(void) {
    true_object = Py_GetConstant(PY_TRUE);
    false_object = Py_GetConstant(PY_FALSE);
    str_class = object_of("builtins", "str");
    tuple_class = object_of("builtins", "tuple");
    list_class = object_of("builtins", "list");
    name_value = PyUnicode_InternFromString("value");
    name_handle = PyUnicode_InternFromString("_handle");
    name_resource = PyUnicode_InternFromString("_resource");
    ok_class = object_of("componentize_py_types", "Ok");
    err_class = object_of("componentize_py_types", "Err");
    some_class = object_of("componentize_py_types", "Some");
    context_class = object_of("componentize_py_types", "ErrorContext");
    if (!ok_class || !err_class || !some_class || !context_class) return -1;
    return find_exports() < 0 || find_types() < 0 || find_resources() < 0 || find_loop() < 0 ? -1 : 0;
}

static int initialize(void) {
    table = dovetail_world_table();
    if (table->magic != TABLE_MAGIC || table->format != TABLE_FORMAT) {
        say("the library of the world has another format than the runtime", "");
        return -1;
    }
    if (start_python() < 0) return -1;
    none = Py_GetConstant(PY_NONE);
    if (complete_posix() < 0 || find_objects() < 0) {
        report();
        return -1;
    }
    keep_reserve();
    state = INITIALIZED;
    return 0;
}

void __wasilibc_reset_preopens(void);

// Byte code of modules that are imported has done its work: without it the snapshot is smaller.
static void forget_frozen(FrozenModule *module) {
    for (; module->name; module++) {
        PyObject *name = PyUnicode_InternFromString(module->name), *imported = name ? PyImport_GetModule(name) : NULL;
        if (imported && module->code) {
            memset(module->code, 0, module->size);
            // As a module that was left out when CPython was built.
            module->code = NULL;
            module->size = 0;
        }
        if (name) Py_DecRef(name);
        if (imported) Py_DecRef(imported);
    }
    PyErr_Clear();
}

// What lies in memory that is free would be a part of the snapshot, so all of it is handed out, cleared and given back: blocks of one
// size after the other, each size until memory has to grow for it. Blocks that Python itself keeps for small objects stay: it would
// link them to one another.
static void clear_free_memory(void) {
    typedef struct Block Block;
    struct Block {
        Block *previous;
    } *newest = NULL;
    for (size_t size = 65536; size >= 256; size /= 2) {
        for (size_t pages = __builtin_wasm_memory_size(0); __builtin_wasm_memory_size(0) == pages;) {
            Block *block = malloc(size);
            if (!block) break;
            memset(block, 0, size);
            block->previous = newest;
            newest = block;
        }
    }
    while (newest) {
        Block *block = newest;
        newest = block->previous;
        block->previous = NULL;
        free(block);
    }
}

// Called before a snapshot is taken: 0 when the app is ready, 1 when standard error says why it is not.
__attribute__((export_name("dovetail_python_initialize"), visibility("default"))) int dovetail_python_initialize(void) {
    if (initialize() < 0) return 1;
    PyGC_Collect();
    forget_frozen(_PyImport_FrozenBootstrap);
    forget_frozen(_PyImport_FrozenStdlib);
    clear_free_memory();
    // Handles of files are those of the host that took the snapshot.
    __wasilibc_reset_preopens();
    return 0;
}

// The same where no host will be asked for anything later: environment, arguments and random state stay what they are here.
__attribute__((export_name("dovetail_python_initialize_alone"), visibility("default"))) int
dovetail_python_initialize_alone(void) {
    int outcome = dovetail_python_initialize();
    if (outcome == 0) state = RUNNING;
    return outcome;
}

void ensure_initialized(void) {
    if (state == RUNNING) return;
    if (state == UNTOUCHED && initialize() < 0) __builtin_trap();
    state = RUNNING;
    if (refresh() < 0) fail();
}
