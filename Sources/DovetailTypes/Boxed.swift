// SPDX-License-Identifier: Apache-2.0

/// A value behind one reference. Errors keep what they say in one, because each place that can throw an error is compiled to code that
/// copies and destroys all its parts.
@propertyWrapper
package struct Boxed<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private var box: Box

    /// Puts a value into a box of its own.
    package init(wrappedValue: Value) { box = Box(wrappedValue) }

    /// The value; another one gets another box.
    package var wrappedValue: Value {
        get { box.value }
        set { box = Box(newValue) }
    }
}
