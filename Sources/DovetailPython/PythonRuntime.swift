// SPDX-License-Identifier: Apache-2.0

import CDovetailPython

/// The library that stands between CPython and the component's core functions, the same for every world.
package enum PythonRuntime {
    /// The name that it is linked under.
    package static let name = "libdovetail_python.so"

    /// Its bytes. The source is in `PythonRuntime/`.
    package static let library = [UInt8](
        UnsafeBufferPointer(start: dovetail_python_runtime, count: dovetail_python_runtime_size))
}
