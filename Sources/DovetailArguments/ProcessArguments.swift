// SPDX-License-Identifier: Apache-2.0

/// The words behind the process's name.
///
/// - Throws: ``ArgumentError`` for one that is not UTF-8. Swift's own list has U+FFFD in its place, which names another file.
func processArguments() throws -> [String] {
    try (1..<max(1, Int(CommandLine.argc))).map { position in
        guard let word = CommandLine.unsafeArgv[position] else { return "" }
        guard let text = String(validatingCString: word) else {
            var bytes: [UInt8] = []
            var next = word
            while next.pointee != 0 {
                bytes.append(UInt8(bitPattern: next.pointee))
                next += 1
            }
            throw ArgumentError.notUTF8(bytes, position: position)
        }
        return text
    }
}
