// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

/// How names in kebab-case are written in Python (PEP 8).
enum PythonNames {
    /// The name of a function, parameter, field or module: `get-HTTP-code` is `get_http_code`.
    static func member(_ kebab: some StringProtocol) -> String { escaped(words(kebab).joined(separator: "_")) }

    /// The name of a class: `wall-clock` is `WallClock`.
    static func type(_ kebab: some StringProtocol) -> String {
        escaped(words(kebab).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
    }

    /// The name of a case of an enum, or of a flag: `dark-green` is `DARK_GREEN`.
    static func constant(_ kebab: some StringProtocol) -> String {
        words(kebab).joined(separator: "_").uppercased()
    }

    private static func words(_ kebab: some StringProtocol) -> [String] {
        String(kebab).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map { $0.lowercased() }
    }

    /// A name that is no keyword.
    static func escaped(_ name: String) -> String { keywords.contains(name) ? name + "_" : name }

    /// Whether something can have the name.
    static func isName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, !keywords.contains(name) else { return false }
        return (first == "_" || first.properties.isXIDStart)
            && name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
    }

    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]
}
