// SPDX-License-Identifier: Apache-2.0

/// How the strings of a lifted or lowered function lie in memory. (CanonicalABI.md, "Canonical ABI Options")
@frozen
public enum StringEncoding: UInt8, Hashable, Sendable {
    case utf8
    case utf16
    /// Latin-1, or UTF-16 where the top bit of the length is set.
    case latin1OrUTF16
}
