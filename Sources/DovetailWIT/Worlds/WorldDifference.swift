// SPDX-License-Identifier: Apache-2.0

import DovetailWITReader

/// A reason why one world cannot be used as another.
package struct WorldDifference: Hashable, Sendable {
    /// Where: the import or export, then the way into its type (`import `a:b/c``, `function `f``, `parameter `x``).
    package var path: [String]
    /// What: lower case, no final period.
    package var message: String

    /// Makes a difference.
    package init(_ message: String, at path: [String]) {
        self.path = path
        self.message = message
    }
}

extension WorldDifference: CustomStringConvertible {
    /// The place and the message in one line.
    package var description: String {
        path.isEmpty ? message : "\(path.joined(separator: ", ")): \(message)"
    }
}
