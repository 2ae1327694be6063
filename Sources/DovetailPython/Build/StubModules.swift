// SPDX-License-Identifier: Apache-2.0

/// Modules of the standard library whose code in C components do not have, and that packages import without using them mostly.
///
/// They can be imported, and say what they lack when they are used.
enum StubModules {
    /// Their files, by their paths.
    static let files = [
        (name: "ctypes/__init__.py", text: ctypes), (name: "ctypes/util.py", text: util), (name: "mmap.py", text: mmap),
    ]

    /// What holds a number works, since NumPy tells addresses with it.
    private static let ctypes = #"""
        """Types of C: those that hold a number. There are no libraries to call in a component."""


        class _Missing:
            def __init__(self, name):
                self._name = name

            def _fail(self, *arguments, **named):
                raise NotImplementedError(f"`{self._name}` is not there: a component has no libraries that ctypes could call")

            __call__ = __mul__ = __rmul__ = __getitem__ = __setitem__ = __iter__ = __len__ = __enter__ = _fail

            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                self._fail()

            def __repr__(self):
                return f"<{self._name}, which is not there>"


        class _SimpleCData:
            def __init__(self, value=None):
                self.value = self._zero if value is None else value

            def __repr__(self):
                return f"{type(self).__name__}({self.value!r})"


        def _type(name, size, zero=0):
            globals()[name] = type(name, (_SimpleCData,), {"_size": size, "_zero": zero, "__module__": __name__})


        for _name, _size in {
            "byte": 1, "ubyte": 1, "int8": 1, "uint8": 1, "short": 2, "ushort": 2, "int16": 2, "uint16": 2, "int": 4, "uint": 4,
            "int32": 4, "uint32": 4, "long": 4, "ulong": 4, "size_t": 4, "ssize_t": 4, "longlong": 8, "ulonglong": 8, "int64": 8,
            "uint64": 8,
        }.items():
            _type(f"c_{_name}", _size)
        _type("c_bool", 1, False)
        _type("c_float", 4, 0.0)
        _type("c_double", 8, 0.0)
        _type("c_longdouble", 16, 0.0)
        _type("c_char", 1, b"\0")
        _type("c_wchar", 4, "\0")
        for _name in "c_void_p", "c_char_p", "c_wchar_p", "py_object":
            _type(_name, 4, None)


        def sizeof(kind):
            return kind._size


        def get_errno():
            return 0


        class Structure:
            def __init__(self, *arguments, **named):
                _Missing("ctypes.Structure")()


        class Union(Structure):
            pass


        class Array(Structure):
            pass


        class ArgumentError(Exception):
            pass


        def __getattr__(name):
            if name.startswith("__"):
                raise AttributeError(name)
            return _Missing(f"ctypes.{name}")
        """#

    private static let util = #"""
        """Finds no library: a component has none."""


        def find_library(name):
            return None


        def find_msvcrt():
            return None
        """#

    private static let mmap = #"""
        """Files as memory, which components do not have."""

        ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
        MAP_SHARED, MAP_PRIVATE, PROT_READ, PROT_WRITE = 1, 2, 1, 2
        PAGESIZE = ALLOCATIONGRANULARITY = 65536
        error = OSError


        class mmap:
            def __init__(self, *arguments, **named):
                raise NotImplementedError("`mmap.mmap` is not there: a component cannot have files as memory; read them")
        """#
}
