// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import Foundation
import Testing

/// Runs `program` and gives what it prints on stdout.
private func output(of program: String, _ arguments: [String], directory: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = directory
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}

private func shell(_ name: String) -> String? {
    ["/bin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + name }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// A folder with the script and a few files to complete.
private func withFolder<Result>(_ shell: CompletionShell, _ body: (URL) throws -> Result) throws -> Result {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appendingPathComponent("completion-\(UUID().uuidString)")
    try manager.createDirectory(at: folder.appendingPathComponent("folder"), withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: folder) }
    for name in ["first.wasm", "notes.txt"] {
        try Data().write(to: folder.appendingPathComponent(name))
    }
    try Data(Joiner.completionScript(for: shell).utf8).write(to: folder.appendingPathComponent("_joiner"))
    return try body(folder)
}

/// The words before the cursor, the last of them being completed, and what is offered.
private let offers: [(words: [String], expected: Set<String>)] = [
    (["joiner", "r"], ["run"]),
    (["joiner", ""], ["run", "show", "paint", "later", "strict", "help"]),
    (["joiner", "run", "--d"], ["--dir"]),
    (["joiner", "run", "--dir", ""], ["folder"]),
    (["joiner", "run", "--dir", "run", "fi"], ["first.wasm"]),
    (["joiner", "run", "first.wasm", "n"], ["notes.txt"]),
    (["joiner", "show", "--format", ""], ["text", "json", "yaml"]),
    (["joiner", "display", "--format", "j"], ["json"]),
]

@Suite struct CompletionTests {
    @Test(
        "bash offers what fits the words so far", .enabled(if: shell("bash") != nil, "bash is not installed"),
        arguments: offers.indices)
    func bash(index: Int) throws {
        let (words, expected) = offers[index]
        let found = try withFolder(.bash) { folder in
            let list = words.map { "'\($0)'" }.joined(separator: " ")
            let script = """
                source ./_joiner
                COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1)
                \"$(complete -p joiner | sed 's/.*-F \\([^ ]*\\).*/\\1/')\"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            return try output(of: shell("bash") ?? "", ["--norc", "-c", script], directory: folder)
        }
        #expect(Set(found.split(separator: "\n").map(String.init)) == expected)
    }

    @Test("bash completes a value behind an equals sign", .enabled(if: shell("bash") != nil, "bash is not installed"))
    func bashValueBehindEqualsSign() throws {
        let found = try withFolder(.bash) { folder in
            let script = """
                source ./_joiner
                COMP_WORDS=(joiner show --format = j); COMP_CWORD=4
                _joiner
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            return try output(of: shell("bash") ?? "", ["--norc", "-c", script], directory: folder)
        }
        #expect(found == "json\n")
    }

    @Test(
        "fish offers what fits the words so far", .enabled(if: shell("fish") != nil, "fish is not installed"),
        arguments: offers.indices)
    func fish(index: Int) throws {
        let (words, expected) = offers[index]
        let found = try withFolder(.fish) { folder in
            let script = "source ./_joiner; complete -C '\(words.joined(separator: " "))'"
            return try output(of: shell("fish") ?? "", ["--no-config", "-c", script], directory: folder)
        }
        let names = found.split(separator: "\n").compactMap { line in
            line.split(separator: "\t").first.map { $0.hasSuffix("/") ? String($0.dropLast()) : String($0) }
        }
        // fish offers folders on the way to files as well.
        #expect(Set(names).subtracting(["folder"]) == expected.subtracting(["help", "folder"]))
    }

    @Test(
        "zsh offers what fits the words so far", .enabled(if: shell("zsh") != nil, "zsh is not installed"),
        arguments: offers.indices)
    func zsh(index: Int) throws {
        let (words, expected) = offers[index]
        let found = try withFolder(.zsh) { folder in
            // Completion needs a line editor, so a second zsh runs behind a pseudo-terminal and `compadd` reports what it is given.
            let inner = """
                PS1='' ; autoload -Uz compinit ; compinit -u -D
                fpath=(. $fpath) ; source ./_joiner
                zstyle ':completion:*' completer _complete
                compadd () {
                    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
                    typeset -a __hits; builtin compadd -A __hits "$@"
                    for hit in $__hits; do print -r -- "$hit" >> offers; done
                    builtin compadd "$@"
                }
                complete-now () { zle complete-word ; print done >> finished ; exit }
                zle -C complete-word complete-word _main_complete
                zle -N complete-now ; bindkey '^I' complete-now
                print ready > ready
                """
            try Data(inner.utf8).write(to: folder.appendingPathComponent("inner"))
            let outer = """
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell 'source ./inner'
                integer round=0
                while [[ ! -e ready ]] && (( round++ < 200 )); do sleep 0.05; done
                zpty -w -n shell $'\(words.joined(separator: " "))\\t'
                round=0
                while [[ ! -e finished ]] && (( round++ < 200 )); do zpty -r -t shell chunk; sleep 0.05; done
                [[ -e offers ]] && cat offers
                """
            return try output(of: shell("zsh") ?? "", ["-f", "-c", outer], directory: folder)
        }
        let names = found.split(separator: "\n").map(String.init).map { $0.hasSuffix("=") ? String($0.dropLast()) : $0 }
        #expect(Set(names).subtracting(["folder"]) == expected.subtracting(["folder"]))
    }

    @Test("a flag prints the script of a shell")
    func scriptsByFlag() throws {
        for shell in CompletionShell.allCases {
            let error = try #require(throws: (any Error).self) {
                try Joiner.parseAsRoot(["--generate-completion-script", shell.rawValue])
            }
            #expect(Joiner.fullMessage(for: error) == Joiner.completionScript(for: shell))
        }
        let error = try #require(throws: (any Error).self) {
            try Joiner.parseAsRoot(["--generate-completion-script=bsh"])
        }
        #expect(Joiner.fullMessage(for: error).contains("did you mean `bash`?"))
    }
}
