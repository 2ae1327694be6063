// SPDX-License-Identifier: Apache-2.0

/// The reserved words. (WIT.md, "Keywords")
package enum WITKeyword {
    /// All words that need `%` as identifiers.
    package static let all: Set<String> = [
        "use", "type", "func", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char",
        "resource", "own", "borrow", "record", "flags", "variant", "enum", "bool", "string", "option", "result",
        "future", "stream", "error-context", "list", "map", "as", "from", "static", "interface", "tuple", "world",
        "import",
        "export", "package", "constructor", "include", "with", "async",
    ]
}
