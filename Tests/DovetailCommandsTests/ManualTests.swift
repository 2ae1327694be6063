// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// The manual page, the help of every command and the completions: all made of the same declarations.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct ManualTests {
    private static let verbs = [
        "run", "serve", "compile", "inspect", "validate", "parse", "wit", "fmt", "targets", "semver-check", "bindgen",
        "completions", "componentize", "embed", "unbundle", "strip", "new", "sdk",
    ]

    @Test("the manual page has every command and option") func theManualPageHasEveryCommandAndOption() async throws {
        let page = try await Tool.run(["man"])
        #expect(page.code == 0 && page.errors.isEmpty && page.output.hasPrefix(".TH DOVETAIL 1 \"\" \"dovetail "))
        for verb in Self.verbs {
            #expect(
                page.output.contains("\n.SS dovetail \(verb.replacingOccurrences(of: "-", with: "\\-"))\n"), "\(verb)")
        }
        for option in ["\\-\\-allow\\-precompiled", "\\-\\-hostcall\\-fuel <bytes>", "\\-o, \\-\\-output <file>"] {
            #expect(page.output.contains("\n.B \(option)\n"), "\(option)")
        }
        // What begins like a request is one of those that are meant.
        let requests: Set = [".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".br"]
        for line in page.output.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
        }
        #expect(try await Tool.run(["man"]).output == page.output)
    }

    @Test("help fits a hundred columns and has examples", arguments: verbs) func helpFitsAHundredColumnsAndHasExamples(
        verb: String
    ) async throws {
        let help = try await Tool.run([verb, "--help"], environment: ["COLUMNS": "100"])
        #expect(help.code == 0 && help.output.contains("\nEXAMPLES:\n  "))
        for line in help.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }

    @Test("the help lists every command but the hidden one") func theHelpListsEveryCommandButTheHiddenOne() async throws
    {
        let help = try await Tool.run(["--help"], environment: ["COLUMNS": "100"])
        for verb in Self.verbs { #expect(help.output.contains("\n  \(verb) "), "\(verb)") }
        #expect(!help.output.contains("\n  man "))
        for line in help.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }

    @Test("completions know every command", arguments: ["bash", "zsh", "fish"]) func completionsKnowEveryCommand(
        shell: String
    ) async throws {
        let script = try await Tool.run(["completions", shell]).output
        for verb in Self.verbs { #expect(script.contains(verb), "\(verb)") }
        #expect(script.contains("allow-precompiled"))
    }
}
