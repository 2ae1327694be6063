// SPDX-License-Identifier: Apache-2.0

/// What a file seems to be, after its first bytes.
package enum BinaryKind: Hashable, Sendable {
    /// A component, of whatever version.
    case component
    /// A core module, of whatever version.
    case coreModule
    /// WebAssembly text.
    case text
    /// None of these.
    case unknown

    /// Looks at the first bytes of a file. (Binary.md, "Component Definitions")
    package init(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count >= 8, bytes[0] == 0x00, bytes[1] == 0x61, bytes[2] == 0x73, bytes[3] == 0x6d {
            switch (bytes[6], bytes[7]) {
            case (0, 0): self = .coreModule
            case (1, 0): self = .component
            default: self = .unknown
            }
            return
        }
        // Text begins with `(`, a line comment or a block comment, behind a byte order mark and blanks.
        let mark = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        for (position, byte) in bytes.enumerated().dropFirst(mark) {
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d: continue
            case 0x28: self = .text
            case 0x3b:
                self = position + 1 < bytes.count && bytes[position + 1] == 0x3b ? .text : .unknown
            default: self = .unknown
            }
            return
        }
        self = .unknown
    }
}
