// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailTestSupport
import Foundation
import Testing

/// Messages that `Scripts/fuzz` has found to take other ways through the parser, and what they come to.
@Suite struct HTTP1FixtureTests {
    private static func path(_ kind: String) -> String { TestFiles.root + "/Tests/Fixtures/http1/\(kind)s.txt" }

    /// The bytes that a line stands for, in which what is not visible is written as C would.
    private func bytes(_ text: Substring) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            let kind = rest.popFirst()
            switch try #require(kind) {
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            default:
                bytes.append(try #require(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)))
                rest = rest.dropFirst(2)
            }
        }
        return bytes
    }

    private func name(_ outcome: ParsedMessage) -> String {
        switch outcome {
        case .request, .response: "taken"
        case .incomplete: "incomplete"
        case .refused(let status, _): "\(status)"
        }
    }

    @Test(arguments: ["request", "response"])
    func `what was found comes to the same as before, in whatever pieces it comes`(kind: String) throws {
        let text = try String(contentsOfFile: Self.path(kind), encoding: .utf8)
        let isBlessing = ProcessInfo.processInfo.environment["BLESS"] == "1"
        var blessed = ""
        var found: Set<String> = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1)
            try #require(parts.count == 2)
            let outcomes = ParsedMessage.everyWay(kind == "request" ? .request : .response, try bytes(parts[1]))
            #expect(outcomes.count == 1, "\(parts[1]): \(outcomes)")
            let outcome = name(outcomes[0])
            found.insert(outcome)
            blessed += "\(outcome)\t\(parts[1])\n"
            if !isBlessing { #expect(outcome == parts[0], "\(parts[1]): \(outcomes[0])") }
        }
        #expect(found.isSuperset(of: ["taken", "incomplete", "400"]))
        if isBlessing { try blessed.write(toFile: Self.path(kind), atomically: true, encoding: .utf8) }
    }
}
