// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// An open file of the operating system, closed when the last reference goes.
///
/// Shared by a WASI descriptor and the streams made from it, so that a stream outlives its descriptor.
package final class OwnedDescriptor: Sendable {
    /// The number the system knows it by; valid as long as this object lives.
    package let number: CInt
    private let closes: Bool

    /// Takes over `number`; `closes: false` only lends it (standard input and its like).
    package init(_ number: CInt, closes: Bool = true) {
        self.number = number
        self.closes = closes
    }

    deinit {
        if closes { _ = dovetail_sys_close(number) }
    }
}
