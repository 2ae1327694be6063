// SPDX-License-Identifier: Apache-2.0

/// One name under which an option or flag is given, with its dashes.
package enum ArgumentName: Hashable, Sendable {
    /// `--name`
    case long(String)
    /// `-name`
    case longWithSingleDash(String)
    /// `-n`
    case short(Character)

    /// The name as it is typed, dashes included.
    package var text: String {
        switch self {
        case .long(let name): "--\(name)"
        case .longWithSingleDash(let name): "-\(name)"
        case .short(let character): "-\(character)"
        }
    }

    /// Whether the name is a single character behind a single dash.
    package var isShort: Bool {
        if case .short = self { true } else { false }
    }
}

/// The names of an option or flag: derived from its property, or chosen.
///
/// `[.customShort("q"), .customLong("silent")]` is a specification of two names.
package struct NameSpecification: ExpressibleByArrayLiteral, Sendable {
    /// One entry of a specification.
    package struct Element: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case long
            case short
            case customLong(String, singleDash: Bool)
            case customShort(Character)
        }

        let kind: Kind

        /// The property's name in kebab-case behind two dashes.
        package static var long: Element { Element(kind: .long) }
        /// The first letter of the property's name behind one dash.
        package static var short: Element { Element(kind: .short) }
        /// The given name behind two dashes, or behind one.
        package static func customLong(_ name: String, withSingleDash: Bool = false) -> Element {
            Element(kind: .customLong(name, singleDash: withSingleDash))
        }
        /// The given letter behind one dash.
        package static func customShort(_ character: Character) -> Element {
            Element(kind: .customShort(character))
        }
    }

    let elements: [Element]

    /// A specification made of `elements`.
    package init(_ elements: [Element]) { self.elements = elements }
    /// A specification made of `elements`.
    package init(arrayLiteral elements: Element...) { self.elements = elements }

    /// The property's name in kebab-case: `maxMemory` is `--max-memory`.
    package static var long: NameSpecification { [.long] }
    /// The first letter of the property's name: `-m`.
    package static var short: NameSpecification { [.short] }
    /// Both: `-m` and `--max-memory`.
    package static var shortAndLong: NameSpecification { [.short, .long] }
    /// The given name behind two dashes, or behind one.
    package static func customLong(_ name: String, withSingleDash: Bool = false) -> NameSpecification {
        [.customLong(name, withSingleDash: withSingleDash)]
    }
    /// The given letter behind one dash.
    package static func customShort(_ character: Character) -> NameSpecification { [.customShort(character)] }

    /// The names of a property called `key`.
    func names(for key: String) -> [ArgumentName] {
        elements.map { element in
            switch element.kind {
            case .long: .long(kebabCase(key))
            case .short: .short(kebabCase(key).first ?? "_")
            case .customLong(let name, singleDash: false): .long(name)
            case .customLong(let name, singleDash: true): .longWithSingleDash(name)
            case .customShort(let character): .short(character)
            }
        }
    }
}

/// `maxMemory`, `MaxMemory` and `max_memory` as `max-memory`; a run of capitals is one word (`toJSONText` is `to-json-text`).
func kebabCase(_ name: String) -> String {
    let characters = Array(name)
    var result = ""
    for (index, character) in characters.enumerated() {
        if character == "_" {
            if !result.isEmpty { result.append("-") }
            continue
        }
        if character.isUppercase, index > 0, !result.hasSuffix("-") {
            let afterSmall = !characters[index - 1].isUppercase
            let beforeSmall = index + 1 < characters.count && characters[index + 1].isLowercase
            if !result.isEmpty && (afterSmall || beforeSmall) { result.append("-") }
        }
        result += character.lowercased()
    }
    return result
}
