// SPDX-License-Identifier: Apache-2.0

extension FileSystemErrorCode: WITEnumeration {
    static let labels = [
        "access", "would-block", "already", "bad-descriptor", "busy", "deadlock", "quota", "exist", "file-too-large",
        "illegal-byte-sequence", "in-progress", "interrupted", "invalid", "io", "is-directory", "loop",
        "too-many-links", "message-size", "name-too-long", "no-device", "no-entry", "no-lock", "insufficient-memory",
        "insufficient-space", "not-directory", "not-empty", "not-recoverable", "unsupported", "no-tty",
        "no-such-device", "overflow", "not-permitted", "pipe", "read-only", "invalid-seek", "text-file-busy",
        "cross-device",
    ]
}

extension FileKind: WITEnumeration {
    package static var allCases: [FileKind] { (0..<8).compactMap(FileKind.init(rawValue:)) }
    static let labels = [
        "unknown", "block-device", "character-device", "directory", "fifo", "symbolic-link", "regular-file", "socket",
    ]
}

extension FileAdvice: WITEnumeration {
    package static var allCases: [FileAdvice] { (0..<6).compactMap(FileAdvice.init(rawValue:)) }
    static let labels = ["normal", "sequential", "random", "will-need", "dont-need", "no-reuse"]
}

extension DescriptorFlags: WITFlags {
    static let labels = [
        "read", "write", "file-integrity-sync", "data-integrity-sync", "requested-write-sync", "mutate-directory",
    ]
}

extension OpenFlags: WITFlags {
    static let labels = ["create", "directory", "exclusive", "truncate"]
}

/// `wasi:filesystem/types.path-flags`.
struct PathFlags: WITFlags {
    let rawValue: UInt8
    static let symlinkFollow = PathFlags(rawValue: 1)
    static let labels = ["symlink-follow"]
}
