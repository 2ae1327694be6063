# SPDX-License-Identifier: Apache-2.0
"""Lets the Python that runs build backends answer as CPython for WASI does, in the backends and what they start, not in pip."""

import os
import sys


def _is_backend():
    # pip starts each call of a backend as `python …/_in_process.py HOOK …`.
    words = getattr(sys, "orig_argv", sys.argv)
    return any(word.endswith("_in_process.py") for word in words)


def _answer(root):
    include = root + "/python"
    # Whoever starts Python anew, as Cython or Meson do, goes on the same way.
    os.environ["DOVETAIL_WHEEL_BACKEND"] = "1"
    os.environ["_PYTHON_SYSCONFIGDATA_NAME"] = "_sysconfigdata__wasi_wasm32-wasi"
    os.environ["_PYTHON_HOST_PLATFORM"] = "wasi-wasm32"
    sys.path.insert(0, root + "/sysconfig")
    import platform
    import sysconfig

    sysconfig._PY_VERSION_SHORT = "3.14"
    sysconfig._PY_VERSION_SHORT_NO_DOT = "314"
    for scheme in sysconfig._INSTALL_SCHEMES.values():
        scheme["include"] = scheme["platinclude"] = include
    platform.machine = lambda: "wasm32"
    sysconfig.get_platform = lambda: "wasi-wasm32"
    sys.meta_path.insert(0, _NumPyFinder(os.environ.get("DOVETAIL_WHEEL_NUMPY")))
    if sys.orig_argv[1:2] == ["-c"] and sys.orig_argv[2].startswith("import sys") and any(
        question in sys.orig_argv[2] for question in ("sys.version_info[:3]", "struct.calcsize('P')")
    ):
        _answer_cmake()


def _answer_cmake():
    """CMake asks for the version and the size of a pointer, and compares them with those of the headers. Other code that is run so
    would go wrong: NumPy, whose headers are asked for the same way, needs the version that this is."""
    import collections
    import struct

    Version = collections.namedtuple("version_info", sys.version_info.__match_args__)
    sys.version_info = Version(3, 14, *sys.version_info[2:])
    calcsize = struct.calcsize
    struct.calcsize = lambda format: 4 if format == "P" else calcsize(format)


class _NumPyFinder:
    """Where NumPy's headers are asked for, those of the build for WASI are told."""

    def __init__(self, headers):
        self.headers = headers
        self.names = {"numpy", "numpy.lib._utils_impl"}

    def find_spec(self, name, path=None, target=None):
        if name not in self.names:
            return None
        import importlib.machinery

        self.names.discard(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def get_include():
            if not self.headers:
                raise RuntimeError("NumPy's headers are those for this machine: let `dovetail wheel` build NumPy in the same run")
            return self.headers

        def exec_module(module):
            run(module)
            module.get_include = get_include

        spec.loader.exec_module = exec_module
        return spec


if os.environ.get("DOVETAIL_WHEEL_ROOT") and (os.environ.get("DOVETAIL_WHEEL_BACKEND") or _is_backend()):
    _answer(os.environ["DOVETAIL_WHEEL_ROOT"])
