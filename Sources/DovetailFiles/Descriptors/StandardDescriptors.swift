// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// Descriptors 0, 1 and 2 of the process.
package enum StandardDescriptors {
    /// Standard input.
    package static let input = OwnedDescriptor(0, closes: false)
    /// Standard output.
    package static let output = OwnedDescriptor(1, closes: false)
    /// Standard error.
    package static let error = OwnedDescriptor(2, closes: false)

    /// Opens those that are closed, at their end for reading and refusing to be written, so that no file that is opened
    /// later gets one of these numbers. To be called before anything is opened.
    package static func fill() throws(SystemError) {
        try SystemError.check(dovetail_sys_fill_standard_descriptors())
    }
}
