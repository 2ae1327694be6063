// SPDX-License-Identifier: Apache-2.0

import DovetailArguments

/// Where commands write binary files.
enum BinaryOutput {
    /// Writes to the file at `path`, or to standard output where there is none or it is `-`.
    static func write(_ bytes: [UInt8], to path: String?) throws {
        if let path, path != "-" {
            try FileSystem.write(bytes, to: path)
        } else {
            try StandardOutput.write(bytes)
        }
    }
}
