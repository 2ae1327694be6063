// SPDX-License-Identifier: Apache-2.0

/// Reads of a file in TOML what settings are made of: strings of one line, truth values, tables. Other values are passed over, as
/// long as they end in their line. (TOML v1.0.0)
struct TOMLReader {
    /// A value.
    enum Value: Equatable {
        case text(String)
        case truth(Bool)
        /// One that is of no interest.
        case other
    }

    private var rest: Substring.UnicodeScalarView
    private let file: String
    private let line: Int

    /// The values of a file, by their keys and those of the tables that they are in.
    ///
    /// - Throws: ``PythonError`` with the line that is none of TOML.
    static func values(_ text: String, file: String) throws(PythonError) -> [[String]: Value] {
        var values: [[String]: Value] = [:]
        var table: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var reader = TOMLReader(rest: line.unicodeScalars, file: file, line: index + 1)
            reader.skipSpace()
            if reader.isAtEnd { continue }
            if reader.take("[") {
                let isList = reader.take("[")
                table = try reader.key()
                guard reader.take("]"), !isList || reader.take("]") else { throw reader.expected("`]`") }
            } else {
                try reader.pair(below: table, into: &values)
            }
            reader.skipSpace()
            guard reader.isAtEnd else { throw reader.expected("the end of the line") }
        }
        return values
    }

    private mutating func pair(below table: [String], into values: inout [[String]: Value]) throws(PythonError) {
        let key = table + (try key())
        guard take("=") else { throw expected("`=`") }
        skipSpace()
        guard take("{") else {
            guard values.updateValue(try value(), forKey: key) == nil else {
                throw expected("a key that is not there yet")
            }
            return
        }
        skipSpace()
        if take("}") { return }
        repeat {
            skipSpace()
            try pair(below: key, into: &values)
            skipSpace()
        } while take(",")
        guard take("}") else { throw expected("`}`") }
    }

    private mutating func key() throws(PythonError) -> [String] {
        var key: [String] = []
        repeat {
            skipSpace()
            if let quote = rest.first, quote == "\"" || quote == "'" {
                key.append(try string())
            } else {
                let name = rest.prefix {
                    $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0 || $0 == "_" || $0 == "-")
                }
                guard !name.isEmpty else { throw expected("a key") }
                key.append(String(name))
                rest.removeFirst(name.count)
            }
            skipSpace()
        } while take(".")
        return key
    }

    private mutating func value() throws(PythonError) -> Value {
        if let quote = rest.first, quote == "\"" || quote == "'" { return .text(try string()) }
        let word = rest.prefix { $0.properties.isAlphabetic }
        if String(word) == "true" || String(word) == "false" {
            rest.removeFirst(word.count)
            return .truth(String(word) == "true")
        }
        // Numbers and lists; a comma or a bracket may belong to a table around them.
        var depth = 0
        var isEmpty = true
        while let next = rest.first, depth > 0 || (next != "," && next != "}" && next != "#") {
            if next == "\"" || next == "'" {
                _ = try string()
            } else {
                if next == "[" || next == "{" { depth += 1 }
                if next == "]" || next == "}" { depth -= 1 }
                rest.removeFirst()
            }
            isEmpty = false
        }
        guard !isEmpty, depth == 0 else { throw expected("a value in one line") }
        return .other
    }

    private mutating func string() throws(PythonError) -> String {
        guard let quote = rest.popFirst() else { throw expected("a string") }
        var text = String.UnicodeScalarView()
        while let next = rest.popFirst() {
            if next == quote { return String(text) }
            text.append(next == "\\" && quote == "\"" ? try escaped() : next)
        }
        throw expected("a string that ends in its line")
    }

    private mutating func escaped() throws(PythonError) -> Unicode.Scalar {
        switch rest.popFirst() {
        case "\"": return "\""
        case "\\": return "\\"
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case let kind? where kind == "u" || kind == "U":
            let digits = rest.prefix(kind == "u" ? 4 : 8)
            guard let number = UInt32(String(digits), radix: 16), let scalar = Unicode.Scalar(number) else {
                throw expected("the number of a character")
            }
            rest.removeFirst(digits.count)
            return scalar
        default: throw expected("an escape of TOML")
        }
    }

    // MARK: Characters

    private var isAtEnd: Bool { rest.isEmpty || rest.first == "#" }

    private mutating func skipSpace() {
        while let next = rest.first, next == " " || next == "\t" { rest.removeFirst() }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private func expected(_ what: String) -> PythonError {
        let found = rest.isEmpty ? "the end of the line" : "`\(String(String(rest).prefix(20)))`"
        return .badTOML(file, line, "expected \(what), found \(found)")
    }
}
