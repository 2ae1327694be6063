// SPDX-License-Identifier: Apache-2.0

/// Thrown inside a test case: it failed, for this reason.
package struct CaseFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
