// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension ArgumentError {
    private init(_ code: Code, _ message: String, where place: String? = nil, cause: (any Error)? = nil) {
        self.init(code: code, message: message, where: place, cause: cause)
    }

    private static func didYouMean(_ name: String?) -> String {
        name.map { ", did you mean `\($0)`?" } ?? ""
    }

    static func unknownOption(_ name: String, known: [String]) -> Self {
        Self(
            .unknownOption, "unknown option `\(name)`" + didYouMean(NameSuggestion.nearest(to: name, among: known)),
            where: name)
    }

    static func unknownCommand(_ name: String, known: [String]) -> Self {
        Self(
            .unknownCommand, "unknown command `\(name)`" + didYouMean(NameSuggestion.nearest(to: name, among: known)),
            where: name)
    }

    static func unexpectedArgument(_ word: String) -> Self {
        Self(.unexpectedArgument, "unexpected argument `\(word)`", where: word)
    }

    static func missing(_ display: String) -> Self {
        let kind = display.hasPrefix("<") ? "argument" : "option"
        return Self(.missingArgument, "missing \(kind) `\(display)`", where: display)
    }

    static func missingFlag(_ names: [String]) -> Self {
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        return Self(.missingArgument, "missing one of \(list)", where: names.first)
    }

    static func missingValue(_ display: String, found: String?) -> Self {
        let instead = found.map { ", found option `\($0)`" } ?? ""
        return Self(.missingValue, "missing value for `\(display)`\(instead)", where: display)
    }

    static func unexpectedValue(_ value: String, flag: String) -> Self {
        Self(.unexpectedValue, "`\(flag)` takes no value, found `\(value)`", where: flag)
    }

    static func invalidValue(_ word: String, display: String, allowed: [String], expectation: String?) -> Self {
        var message = "invalid value `\(word)` for `\(display)`"
        if !allowed.isEmpty {
            if let near = NameSuggestion.nearest(to: word, among: allowed) {
                message += ", did you mean `\(near)`?"
            } else {
                message += allowed.count == 1 ? ", expected " : ", expected one of "
                message += allowed.map { "`\($0)`" }.joined(separator: ", ")
            }
        } else if let expectation {
            message += ", expected \(expectation)"
        }
        return Self(.invalidValue, message, where: display)
    }

    static func rejectedValue(_ word: String, display: String, reason: any Error) -> Self {
        Self(.invalidValue, "invalid value `\(word)` for `\(display)`: \(reason)", where: display, cause: reason)
    }

    static func notUTF8(_ word: [UInt8], position: Int) -> Self {
        Self(.encoding, "argument \(position) is not UTF-8: `\(readable(word))`", where: "\(position)")
    }

    /// The characters of `word`, with every byte that belongs to none as `\xNN`.
    private static func readable(_ word: [UInt8]) -> String {
        var text = ""
        var rest = word[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0
            if length > 0, let character = String(validating: rest.prefix(length), as: UTF8.self) {
                text += character
                rest = rest.dropFirst(length)
            } else {
                text += "\\x" + String(first, radix: 16)
                rest = rest.dropFirst()
            }
        }
        return text
    }

    static func exclusive(_ first: String, _ second: String) -> Self {
        Self(.exclusiveFlags, "`\(second)` cannot be given together with `\(first)`", where: second)
    }
}
