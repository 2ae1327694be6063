// SPDX-License-Identifier: Apache-2.0

import CDovetailPython

/// Files of the toolchain for native packages, from inside the executable. Their sources are in `PythonRuntime/wheel`.
enum WheelFile {
    /// All of them, by their names.
    static let all: [String: String] = Dictionary(
        uniqueKeysWithValues: UnsafeBufferPointer(
            start: dovetail_python_wheel_files(), count: dovetail_python_wheel_file_count()
        ).map { file in
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
            return (String(cString: file.name), String(decoding: bytes, as: UTF8.self))
        })

    /// The text of a file, with values for what stands between `@` signs.
    static func text(_ name: String, _ values: [String: String] = [:]) -> String {
        var text = all[name] ?? ""
        for (key, value) in values { text = text.replacing("@\(key)@", with: value) }
        return text
    }
}
