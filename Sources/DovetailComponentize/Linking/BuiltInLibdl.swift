// SPDX-License-Identifier: Apache-2.0

import CDovetailAdapters

/// The library for `dlopen`, `dlsym`, `dlclose` and `dlerror` over the libraries that a program may open.
enum BuiltInLibdl {
    /// The name by which other libraries need it.
    static let name = "libdl.so"

    /// The library, which needs no other one.
    static var bytes: [UInt8] {
        [UInt8](UnsafeBufferPointer(start: dovetail_libdl.bytes, count: dovetail_libdl.count))
    }
}
