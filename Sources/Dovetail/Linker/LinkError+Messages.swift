// SPDX-License-Identifier: Apache-2.0

extension LinkError: CustomStringConvertible {
    /// The first problems, a line each, and how many more there are.
    public var description: String {
        BoundedText.list(problems.map(\.message), count: count, separator: "\n", maximumLength: .max)
    }
}

extension LinkError {
    init(_ problem: Problem) { add(problem) }

    /// Whether another problem would be described in full; suggestions for many would take long.
    var hasRoom: Bool { count < BoundedText.maximumItems }

    mutating func add(_ problem: @autoclosure () -> Problem) {
        count += 1
        if problems.count < Self.maximumProblems { problems.append(problem()) }
    }

    /// - Parameters:
    ///   - expected: the import's kind in a word.
    ///   - type: its type in WIT, where that says more.
    ///   - nearest: what the linker defines instead.
    static func missing(_ name: String, expected: String, type: String?, nearest: String?) -> Problem {
        var text = "component imports \(expected) `\(BoundedText.cut(name))`"
        if let type { text += " of type `\(BoundedText.cut(type, to: 400))`" }
        text += ", but the linker does not define it"
        if let nearest { text += "; it defines `\(BoundedText.cut(nearest))`" }
        return Problem(code: .missing, name: name, message: text)
    }

    /// A core module that is asked for by its hash is not in the cache.
    static func missingShared(_ name: String, _ label: String, _ hash: String) -> Problem {
        let place = SharedModules()?.path(hash) ?? "the user's cache, which is nowhere: set `HOME`"
        return Problem(
            code: .missing, name: name,
            message:
                "component imports the core module `\(BoundedText.cut(label))` with the SHA-256 \(hash), expected at "
                + "`\(place)`; take it from the machine that the component was made on, or make the component here")
    }

    static func wrongKind(_ name: String, expected: String, found: String) -> Problem {
        mismatch(name, "expected \(expected), the linker defines \(found)")
    }

    static func mismatch(_ name: String, _ difference: String) -> Problem {
        Problem(
            code: .mismatch, name: name,
            message: "import `\(BoundedText.cut(name))`: \(BoundedText.cut(difference))")
    }
}
