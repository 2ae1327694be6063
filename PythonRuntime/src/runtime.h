// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "table.h"

#define EXPORT(name) __attribute__((export_name(#name), visibility("default"))) void name

// What belongs to a type in Python: its class, and the cases of an enum, the classes of a variant's cases or the names of fields; for a
// record whose fields are found in memory, where they lie.
typedef struct {
    PyObject *class;
    PyObject **parts;
    uint32_t *offsets;
} TypeObjects;
extern TypeObjects *type_objects;
// The classes of resources in the bindings by their index.
extern PyObject **resource_classes;
// Objects that are used everywhere: the classes of `componentize_py_types`, `None`, names of attributes.
extern PyObject *ok_class, *err_class, *some_class, *context_class, *none, *name_value, *name_handle, *name_resource,
    *true_object, *false_object, *str_class, *tuple_class, *list_class;
// Whether a handle is lifted as a number: what a constructor makes is put into an object that is there already.
extern int lifts_raw_handles;

// Memory of a call, given back as a whole.
typedef struct Chunk Chunk;
typedef struct {
    Chunk *chunk;
    size_t used;
} Mark;
Mark arena_mark(void);
void arena_release(Mark mark);
// Null, with an exception, when there is no memory.
void *arena_allocate(size_t size, size_t alignment);
// Memory of its own for a call that outlives others: what is allocated up to `arena_close` is a part of what that gives.
Chunk *arena_open(void);
Chunk *arena_close(Chunk *before);
void arena_free(Chunk *chunk);

// Values. What fails returns null or -1 and has raised an exception.
PyObject *lift(uint32_t type, const uint8_t *memory);
PyObject *lift_flat(uint32_t type, const uint64_t *slots);
int lower(uint32_t type, PyObject *object, uint8_t *memory);
int lower_flat(uint32_t type, PyObject *object, uint64_t *slots);

// Raises a `TypeError` for an object of another class than was expected.
int unexpected(const char *expected, PyObject *found);

// Finds out where the fields of a record lie, if they can be used there.
void find_offsets(const Type *type, TypeObjects *objects);
// Whether an object's fields lie there.
int is_plain(const TypeObjects *objects, PyObject *object);
// A record whose fields lie there, which takes its values.
PyObject *plain_record(const Type *type, const TypeObjects *objects, PyObject *const *values);
// A field as a new reference; null, without an exception, when it was deleted.
PyObject *plain_part(const TypeObjects *objects, PyObject *object, uint32_t part);

// What the C library lacks.
PyObject *duplicate_descriptor(PyObject *self, PyObject *number);
PyObject *replace_descriptor(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *names);

// Resources
PyObject *lift_handle(const Type *type, uint32_t handle);
int lower_handle(const Type *type, PyObject *object, uint32_t *handle);
PyObject *release_object(PyObject *self, PyObject *object);
// Error contexts: texts here, handles for others.
PyObject *lift_context(uint32_t handle);
int lower_context(PyObject *object, uint32_t *handle);
PyObject *lift_string(const void *pointer, uint32_t length);
int lower_string(PyObject *object, uint32_t *pointer, uint32_t *count);
typedef struct {
    size_t borrows, gifts;
} Loans;
Loans loans_mark(void);
// Gives back what was borrowed since `mark`.
int loans_end_borrows(Loans mark);
// What was lowered since `mark` has arrived, or is taken back.
void loans_end_gifts(Loans mark, int arrived);
// The same for what an export returns, which is read once it has ended; what is left to do then is done by `loans_end_returned`.
void loans_return_gifts(Loans mark);
void loans_end_returned(void);

// What was lowered for a call that waits.
typedef struct Gift Gift;
typedef struct {
    Gift *gifts;
    size_t count;
} Given;
// Takes what was lowered since `mark` off the running call.
Given loans_take_gifts(Loans mark);
// What was lowered has arrived, or is taken back.
void given_end(Given *given, int arrived);
// Takes what was borrowed since `mark` off the running call: a list of objects.
PyObject *loans_take_borrows(Loans mark);
// Gives back what is in such a list.
int release_all(PyObject *borrowed);
// Takes the handle of an object away, for a call that is about to be made.
int give_handle(PyObject *object, uint32_t *handle);

// Streams and futures
PyObject *lift_end(const Type *type, uint32_t handle);
int lower_end(const Type *type, PyObject *object, uint32_t *handle);
// Items that go through a stream or future.
PyObject *lift_items(const Transfer *transfer, const uint8_t *memory, uint32_t count);
int lower_items(const Transfer *transfer, PyObject *items, uint8_t **memory, uint32_t *count);
int is_octets(const Transfer *transfer);
int find_transfers(void);
PyObject *transfer_operation(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *begin_read(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *begin_write(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *make_reader(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *end_copy(PyObject *self, PyObject *const *arguments, Py_ssize_t count);

// Calls that wait
int find_loop(void);
PyObject *start_import(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *finish_import(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *task_operation(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *poll_set(PyObject *self, PyObject *set);
PyObject *task_return(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
// The place of a handle in a table that grows.
void **place_at(void ***places, size_t *capacity, uint32_t handle);

// Calls
int check_count(const Function *function, Py_ssize_t count);
int lower_arguments(const Function *function, PyObject *const *arguments, uint64_t *slots, uint32_t *used);
int lift_arguments(const Function *function, const uint64_t *slots, PyObject **arguments);
// The value of an `Ok`, or the exception of an `Err`. Takes `result`.
PyObject *unwrapped(PyObject *result);
PyObject *export_callable(uint32_t index);
// Says in the exception that is raised where in which value it was.
void note_place(const char *function, const char *parameter);
// A named object of a module, as a new reference.
PyObject *object_of(const char *module_name, const char *name);
PyObject *imported_function(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
PyObject *imported_resource(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
int bind_exports(PyObject *exports);
// The environment, arguments and random numbers of this instance: those of the snapshot are another's.
int refresh(void);
// Sets memory aside for `report`.
void keep_reserve(void);
// Prints the exception with its traceback to standard error, and keeps the text for the host.
void report(void);
// The same for an error that is no exception.
void say(const char *what, const char *why);
// Reports the exception, and traps.
_Noreturn void fail(void);
// Traps where Python cannot go on.
_Noreturn void fail_because(const char *reason);
// Where in a value something was wrong; forgotten by this.
const char *take_place(void);
// Initializes Python and the app where no snapshot did.
void ensure_initialized(void);
