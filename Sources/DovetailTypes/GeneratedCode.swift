// SPDX-License-Identifier: Apache-2.0

/// The form of generated bindings: what they call in the library, and how.
package enum GeneratedCode {
    /// The number of the form that this version of the library writes and works with. Raise it when code that was generated
    /// before would compile and misbehave.
    package static let format = 1
}
