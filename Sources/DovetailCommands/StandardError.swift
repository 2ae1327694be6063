// SPDX-License-Identifier: Apache-2.0

import DovetailArguments

/// Where commands tell what is wrong when that is not the end of them.
enum StandardError {
    /// Writes `text` and ends the line.
    static func write(_ text: String) {
        Terminal.write(text + "\n", to: 2)
    }
}
