// SPDX-License-Identifier: Apache-2.0

/// How names in kebab-case are written in Swift.
package enum SwiftNames {
    /// The name of a type: `wall-clock` is `WallClock`, acronyms stay as they are.
    package static func type(_ kebab: some StringProtocol) -> String { join(words(kebab), firstIsLower: false) }

    /// The name of a function, property, parameter or case: `get-HTTP-code` is `getHTTPCode`.
    package static func member(_ kebab: some StringProtocol) -> String { join(words(kebab), firstIsLower: true) }

    private static func words(_ kebab: some StringProtocol) -> [Substring] {
        var words: [Substring] = []
        var current = Substring()
        for character in String(kebab) {
            if character.isASCII, character.isLetter || character.isNumber {
                current.append(character)
            } else if !current.isEmpty {
                words.append(current)
                current = Substring()
            }
        }
        if !current.isEmpty { words.append(current) }
        return words
    }

    private static func join(_ words: [Substring], firstIsLower: Bool) -> String {
        var text = ""
        for (index, word) in words.enumerated() {
            if index == 0, firstIsLower {
                text += word.lowercased()
            } else {
                // Two numbers in a row would become another one.
                if text.last?.isNumber == true, word.first?.isNumber == true { text += "_" }
                text += word.prefix(1).uppercased() + word.dropFirst()
            }
        }
        guard let first = text.first else { return "_" }
        return first.isNumber ? "_" + text : text
    }

    /// The name of a property that holds a value of the type `name`: `HTTPTypes` is `httpTypes`.
    package static func property(of name: String) -> String {
        let characters = Array(name)
        var run = characters.prefix { $0.isUppercase }.count
        if run > 1, run < characters.count, characters[run].isLowercase { run -= 1 }
        return String(characters[..<run]).lowercased() + String(characters[run...])
    }

    /// Whether a type can have the name.
    package static func isType(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, !keywords.contains(name), name != "_" else { return false }
        let isWord = name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
        return isWord && (first == "_" || first.properties.isXIDStart)
    }

    /// The name as it is written where it is declared or used.
    package static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    private static let keywords: Set<String> = [
        "Any", "Self", "Type", "actor", "any", "as", "associatedtype", "async", "await", "borrowing", "break", "case",
        "catch", "class", "consume", "consuming", "continue", "copy", "default", "defer", "deinit", "discard", "do",
        "each", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
        "import", "in", "init", "inout", "internal", "is", "isolated", "let", "nil", "nonisolated", "operator",
        "package",
        "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "sending", "some",
        "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "unsafe",
        "var", "where", "while", "yield",
    ]
}

/// The names of one scope, each given out once.
package struct NameScope {
    private var used: Set<String>
    /// The next number to try behind a name.
    private var numbers: [String: Int] = [:]

    /// Makes a scope in which some names are taken.
    package init(reserved: Set<String> = []) { used = reserved }

    /// Gives out `wanted`, or the first of `wanted2`, `wanted3`, … that is free.
    package mutating func claim(_ wanted: String) -> String {
        if used.insert(wanted).inserted { return wanted }
        while true {
            let number = numbers[wanted, default: 2]
            numbers[wanted] = number + 1
            let candidate = (wanted.last?.isNumber == true ? wanted + "_" : wanted) + "\(number)"
            if used.insert(candidate).inserted { return candidate }
        }
    }

    /// Gives out `wanted`, or else the first free one of `others`, or else a numbered one.
    package mutating func claim(_ wanted: String, or others: String...) -> String {
        for name in [wanted] + others where used.insert(name).inserted { return name }
        return claim(others.last ?? wanted)
    }
}
