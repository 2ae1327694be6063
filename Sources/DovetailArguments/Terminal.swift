// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// The terminal and the process's descriptors.
package enum Terminal {
    /// The columns to write help in: `COLUMNS`, else the terminal on stdout, else 80; at least 40.
    package static var columns: Int {
        if let columns = ThisProcess.variable("COLUMNS").flatMap({ Int($0) }), columns > 0 {
            return max(40, columns)
        }
        return max(40, columns(of: 1) ?? 80)
    }

    /// The columns of the terminal behind `descriptor`, or `nil` where it is none.
    package static func columns(of descriptor: Int32) -> Int? {
        OwnedDescriptor(descriptor, closes: false).terminalColumns
    }

    /// Whether `descriptor` is a terminal that understands control sequences.
    package static func isInteractive(_ descriptor: Int32) -> Bool {
        guard OwnedDescriptor(descriptor, closes: false).isTerminal else { return false }
        guard let kind = ThisProcess.variable("TERM") else { return false }
        return kind != "dumb"
    }

    /// Writes all of `text`; gives up silently where nobody reads any more.
    package static func write(_ text: String, to descriptor: Int32) {
        let output = OwnedDescriptor(descriptor, closes: false)
        _ = try? Array(text.utf8).withRawBytes { (bytes) throws(SystemError) in try output.writeAll(bytes) }
    }

    /// Ends the process, output flushed.
    package static func exit(_ code: Int32) -> Never { ThisProcess.exit(code) }
}
