// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

/// The arguments of the tool: those options of `dovetail bindgen` that bindings for hosts in Swift have, each value a word of its own.
enum ToolArguments {
    /// Why the arguments make no request.
    struct Misuse: Error {
        let message: String
    }

    /// The words behind the process's name.
    static func words() throws(Misuse) -> [String] {
        var words: [String] = []
        for position in 1..<max(1, Int(CommandLine.argc)) {
            guard let start = CommandLine.unsafeArgv[position] else { break }
            guard let word = String(validatingCString: start) else {
                throw Misuse(message: "argument \(position) is not UTF-8")
            }
            words.append(word)
        }
        return words
    }

    static func request(_ words: [String]) throws -> BindgenRequest {
        var request = BindgenRequest()
        var with: [String] = []
        var renamed: [String] = []
        var async: [String] = []
        var position = 0
        func value() throws(Misuse) -> String {
            guard position < words.count else {
                throw Misuse(message: "expected a value behind `\(words[position - 1])`, found nothing")
            }
            position += 1
            return words[position - 1]
        }
        while position < words.count {
            position += 1
            switch words[position - 1] {
            case "--wit": request.wit = try value()
            case "--world": request.worlds.append(try value())
            case "--out-dir": request.outDir = try value()
            case "--out-file": request.outFile = try value()
            case "--name": request.options.typeName = try value()
            case "--access": request.options.access = try choice("--access", value())
            case "--with": with.append(try value())
            case "--rename": renamed.append(try value())
            case "--async": async.append(try value())
            case "--conformance": request.options.conformances.append(try value())
            case "--skip-import": request.options.excludedImports.insert(try value())
            case "--skip-export": request.options.excludedExports.insert(try value())
            case "--import": request.options.imports.append(try value())
            case "--feature": request.features.append(try value())
            case "--all-features": request.allFeatures = true
            case "--no-wasi": request.options.takesWASI = false
            case "--interfaces-only": request.options.interfacesOnly = true
            case "--check": request.check = true
            case "--diagnostics": request.diagnostics = try choice("--diagnostics", value())
            case "--made-by": request.options.command = try value()
            case let word where word.hasPrefix("--"):
                throw Misuse(
                    message:
                        "unknown option `\(word)`: this is the tool of the build plugins, which writes bindings for "
                        + "hosts in Swift; `dovetail bindgen` has all options")
            case let word:
                guard request.component == nil else { throw Misuse(message: "unexpected argument `\(word)`") }
                request.component = word
            }
        }
        if let misuse = request.misuse { throw Misuse(message: misuse) }
        request.options.with = try BindgenOptions.types(with)
        request.options.interfaceNames = try BindgenOptions.names(renamed, for: "--rename")
        request.options.makeAsync(async)
        return request
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ option: String, _ word: String
    ) throws(Misuse) -> Choice {
        if let choice = Choice(rawValue: word) { return choice }
        let known = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        throw Misuse(message: "expected one of \(known) for `\(option)`, found `\(word)`")
    }
}
