// SPDX-License-Identifier: Apache-2.0
// The edit distance of two words (Levenshtein), which takes a loop over each pair of their letters.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static Py_ssize_t least(Py_ssize_t a, Py_ssize_t b, Py_ssize_t c) {
    Py_ssize_t least = a < b ? a : b;
    return least < c ? least : c;
}

/// How many letters have to be inserted, removed or replaced to make `b` of `a`; more than `most` are told as one more than that.
static Py_ssize_t edits(PyObject *a, PyObject *b, Py_ssize_t most, Py_ssize_t *row) {
    Py_ssize_t rows = PyUnicode_GET_LENGTH(a), columns = PyUnicode_GET_LENGTH(b);
    for (Py_ssize_t column = 0; column <= columns; column++) row[column] = column;
    for (Py_ssize_t index = 0; index < rows; index++) {
        Py_UCS4 letter = PyUnicode_READ_CHAR(a, index);
        Py_ssize_t diagonal = index, closest = row[0] = index + 1;
        for (Py_ssize_t column = 0; column < columns; column++) {
            Py_ssize_t replaced = diagonal + (letter != PyUnicode_READ_CHAR(b, column));
            diagonal = row[column + 1];
            row[column + 1] = least(diagonal + 1, row[column] + 1, replaced);
            if (row[column + 1] < closest) closest = row[column + 1];
        }
        // Later rows only grow.
        if (closest > most) return most + 1;
    }
    return row[columns] > most ? most + 1 : row[columns];
}

static PyObject *distance(PyObject *module, PyObject *arguments) {
    PyObject *a, *b;
    Py_ssize_t most = PY_SSIZE_T_MAX - 1;
    if (!PyArg_ParseTuple(arguments, "UU|n:distance", &a, &b, &most)) return NULL;
    if (most < 0) {
        PyErr_SetString(PyExc_ValueError, "expected a limit of 0 or more");
        return NULL;
    }
    Py_ssize_t *row = PyMem_New(Py_ssize_t, (size_t)PyUnicode_GET_LENGTH(b) + 1);
    if (!row) return PyErr_NoMemory();
    Py_ssize_t count = edits(a, b, most, row);
    PyMem_Free(row);
    return PyLong_FromSsize_t(count);
}

static PyMethodDef methods[] = {
    {"distance", distance, METH_VARARGS,
     "distance(a, b, most=...): how many letters have to be inserted, removed or replaced to make b of a"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_edits", .m_doc = "The edit distance of two words.", .m_methods = methods};

PyMODINIT_FUNC PyInit__edits(void) { return PyModuleDef_Init(&definition); }
