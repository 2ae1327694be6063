// SPDX-License-Identifier: Apache-2.0
// What the runtime calls of CPython 3.14: functions of the limited API, and those that configure an interpreter (PEP 741).
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct object PyObject;
typedef intptr_t Py_ssize_t;
typedef struct PyInitConfig PyInitConfig;

typedef PyObject *(*PyCFunction)(PyObject *self, PyObject *argument);
typedef PyObject *(*PyCFunctionFast)(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
typedef struct {
    const char *name;
    PyCFunction function;
    int flags;
    const char *documentation;
} PyMethodDef;
enum { METH_VARARGS = 0x1, METH_KEYWORDS = 0x2, METH_NOARGS = 0x4, METH_O = 0x8, METH_FASTCALL = 0x80 };

typedef struct {
    Py_ssize_t references;
    void *type;
    void *initialize;
    Py_ssize_t index;
    PyObject *copy;
} PyModuleDef_Base;
typedef struct {
    PyModuleDef_Base base;
    const char *name;
    const char *documentation;
    Py_ssize_t size;
    PyMethodDef *methods;
    void *slots, *traverse, *clear, *free;
} PyModuleDef;
// The version of the API that a module is made for.
enum { PYTHON_API_VERSION = 1013 };
// A count of references that is never changed.
enum { IMMORTAL = 1 << 30 };

// Configuration
PyInitConfig *PyInitConfig_Create(void);
void PyInitConfig_Free(PyInitConfig *);
int PyInitConfig_GetError(PyInitConfig *, const char **);
int PyInitConfig_SetInt(PyInitConfig *, const char *, int64_t);
int PyInitConfig_SetStr(PyInitConfig *, const char *, const char *);
int PyInitConfig_SetStrList(PyInitConfig *, const char *, size_t, char *const *);
int Py_InitializeFromInitConfig(PyInitConfig *);

// Objects
void Py_IncRef(PyObject *);
void Py_DecRef(PyObject *);
enum { PY_NONE, PY_FALSE, PY_TRUE };
PyObject *Py_GetConstant(unsigned);
PyObject *PyObject_Type(PyObject *);
int PyObject_IsInstance(PyObject *, PyObject *);
int PyObject_IsTrue(PyObject *);
PyObject *PyObject_Str(PyObject *);
PyObject *PyObject_GetAttr(PyObject *, PyObject *);
PyObject *PyObject_GetAttrString(PyObject *, const char *);
int PyObject_SetAttr(PyObject *, PyObject *, PyObject *);
int PyObject_SetItem(PyObject *, PyObject *, PyObject *);
PyObject *PyObject_CallNoArgs(PyObject *);
PyObject *PyObject_CallOneArg(PyObject *, PyObject *);
PyObject *PyObject_Vectorcall(PyObject *, PyObject *const *, size_t, PyObject *);
PyObject *PyObject_VectorcallMethod(PyObject *, PyObject *const *, size_t, PyObject *);
PyObject *PyType_GenericAlloc(PyObject *, Py_ssize_t);

// Values
PyObject *PyBool_FromLong(long);
PyObject *PyLong_FromLong(long);
long PyLong_AsLong(PyObject *);
PyObject *PyLong_FromUnsignedLong(unsigned long);
PyObject *PyLong_FromLongLong(long long);
PyObject *PyLong_FromUnsignedLongLong(unsigned long long);
long long PyLong_AsLongLong(PyObject *);
unsigned long PyLong_AsUnsignedLong(PyObject *);
unsigned long long PyLong_AsUnsignedLongLong(PyObject *);
PyObject *PyFloat_FromDouble(double);
double PyFloat_AsDouble(PyObject *);
PyObject *PyUnicode_FromStringAndSize(const char *, Py_ssize_t);
PyObject *PyUnicode_InternFromString(const char *);
PyObject *PyUnicode_FromOrdinal(int);
PyObject *PyUnicode_FromFormat(const char *, ...);
PyObject *PyUnicode_AsEncodedString(PyObject *, const char *, const char *);
PyObject *PyUnicode_DecodeFSDefault(const char *);
PyObject *PyUnicode_DecodeFSDefaultAndSize(const char *, Py_ssize_t);
Py_ssize_t PyUnicode_GetLength(PyObject *);
unsigned PyUnicode_ReadChar(PyObject *, Py_ssize_t);
const char *PyUnicode_AsUTF8AndSize(PyObject *, Py_ssize_t *);
PyObject *PyBytes_FromStringAndSize(const char *, Py_ssize_t);
PyObject *PyBytes_FromObject(PyObject *);
int PyBytes_AsStringAndSize(PyObject *, char **, Py_ssize_t *);

// Collections
PyObject *PyTuple_New(Py_ssize_t);
Py_ssize_t PyTuple_Size(PyObject *);
PyObject *PyTuple_GetItem(PyObject *, Py_ssize_t);
int PyTuple_SetItem(PyObject *, Py_ssize_t, PyObject *);
PyObject *PyList_New(Py_ssize_t);
int PyList_SetItem(PyObject *, Py_ssize_t, PyObject *);
int PyList_Append(PyObject *, PyObject *);
int PyList_SetSlice(PyObject *, Py_ssize_t, Py_ssize_t, PyObject *);
PyObject *PySequence_Fast(PyObject *, const char *);
PyObject *PySequence_List(PyObject *);
Py_ssize_t PySequence_Size(PyObject *);
PyObject *PySequence_GetItem(PyObject *, Py_ssize_t);
PyObject *PySequence_GetSlice(PyObject *, Py_ssize_t, Py_ssize_t);
PyObject *PyDict_New(void);
int PyDict_SetItem(PyObject *, PyObject *, PyObject *);
int PyDict_SetItemString(PyObject *, const char *, PyObject *);
PyObject *PyDict_GetItemString(PyObject *, const char *);
PyObject *PyMapping_Items(PyObject *);

// Exceptions
extern PyObject *PyExc_TypeError, *PyExc_OverflowError, *PyExc_ValueError, *PyExc_RuntimeError, *PyExc_LookupError,
    *PyExc_AttributeError, *PyExc_SystemExit, *PyExc_MemoryError, *PyExc_OSError;
PyObject *PyErr_NoMemory(void);
PyObject *PyErr_SetFromErrno(PyObject *);
PyObject *PyErr_Occurred(void);
void PyErr_Clear(void);
void PyErr_Print(void);
int PyTraceBack_Print(PyObject *, PyObject *);
int PyErr_ExceptionMatches(PyObject *);
PyObject *PyErr_GetRaisedException(void);
void PyErr_SetRaisedException(PyObject *);
void PyErr_SetObject(PyObject *, PyObject *);
PyObject *PyErr_Format(PyObject *, const char *, ...);

// Modules
PyObject *PyModule_Create2(PyModuleDef *, int);
int PyModule_AddFunctions(PyObject *, PyMethodDef *);
PyObject *PyCFunction_NewEx(PyMethodDef *, PyObject *, PyObject *);
int PyImport_AppendInittab(const char *, PyObject *(*)(void));
PyObject *PyImport_ImportModule(const char *);
PyObject *PyImport_GetModule(PyObject *);
PyObject *PyImport_AddModuleRef(const char *);
PyObject *PySys_GetObject(const char *);
int PySys_SetObject(const char *, PyObject *);
int PyFile_WriteObject(PyObject *, PyObject *, int);
// Modules whose byte code is inside CPython.
typedef struct {
    const char *name;
    uint8_t *code;
    int size, is_package;
} FrozenModule;
extern FrozenModule *_PyImport_FrozenBootstrap, *_PyImport_FrozenStdlib;
PyObject *PyEval_GetBuiltins(void);
PyObject *Py_CompileString(const char *, const char *, int);
PyObject *PyEval_EvalCode(PyObject *, PyObject *, PyObject *);
Py_ssize_t PyGC_Collect(void);
enum { Py_file_input = 257, Py_PRINT_RAW = 1 };

// wasi-libc
void *malloc(size_t);
void *calloc(size_t, size_t);
void *realloc(void *, size_t);
void free(void *);
void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);
size_t strlen(const char *);
char *strchr(const char *, int);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);
int dprintf(int, const char *, ...);
