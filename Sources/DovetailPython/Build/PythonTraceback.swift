// SPDX-License-Identifier: Apache-2.0

/// What an interpreter wrote about an exception, as the author of an app wants to read it.
enum PythonTraceback {
    /// The text without the frames of what imports the app, and with paths of the host instead of those of the guest.
    ///
    /// - Parameter folders: the folders of the guest, and where they are on the host.
    static func cleaned(_ text: String, folders: [(guest: String, host: String)]) -> String {
        var result: [Substring] = []
        var isHidden = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("  File \"") {
                isHidden = hidden.contains { line.hasPrefix("  File \"\($0)") }
            } else if !line.hasPrefix("    ") {
                isHidden = false
            }
            if !isHidden { result.append(line) }
        }
        while result.last?.isEmpty == true { result.removeLast() }
        return withoutEmptyTracebacks(result).map { renamed(String($0), folders) }.joined(separator: "\n")
    }

    private static let hidden = [
        "<bindings>", "/bindings/\(AppLoader.name).py", "/bindings/\(AppLoader.commonName).py", "<frozen importlib",
        "/python/importlib/",
    ]

    /// A heading with nothing behind it says nothing.
    private static func withoutEmptyTracebacks(_ lines: [Substring]) -> [Substring] {
        lines.indices.filter { index in
            let isHeading = lines[index] == "Traceback (most recent call last):"
            // Where a syntax error is comes without the name of a function.
            let hasFrames =
                index + 1 < lines.count && lines[index + 1].hasPrefix("  ") && lines[index + 1].contains(", in ")
            return !isHeading || hasFrames
        }.map { lines[$0] }
    }

    private static func renamed(_ line: String, _ folders: [(guest: String, host: String)]) -> String {
        var line = line
        for (guest, host) in folders {
            let prefix = host == "." ? "" : host.hasSuffix("/") ? host : host + "/"
            line = line.replacing(guest + "/", with: prefix)
        }
        return line
    }
}
