// SPDX-License-Identifier: Apache-2.0
// Runs a plugin in Python that was written for hosts with the functions `return_result` and `return_error`: its module has a
// function `run_e(payload, ident)`, and imports the module `sdk` of its host.

import Dovetail
import DovetailPython

/// How a plugin answers a call, which it names by its number.
enum Answer {
    case result(String)
    case error(code: Int32, message: String)
}

/// A plugin, in a sandbox of its own.
final class Plugin {
    private let sandbox: PythonSandbox
    private var answers: [Int32: Answer] = [:]
    private var lastIdent: Int32 = 0

    /// Loads the module `plugin` of a folder; it can import the other modules there.
    init(folder: String, python: PythonImage) throws {
        var configuration = PythonSandbox.Configuration()
        configuration.moduleFolder = folder
        configuration.wasi.standardOutput = .function { print(String(decoding: $0, as: UTF8.self), terminator: "") }
        sandbox = try PythonSandbox(python, configuration)
        try sandbox.define("return_result", in: "sdk") { [unowned self] (result: String, ident: Int32) in
            answers[ident] = .result(result)
        }
        try sandbox.define("return_error", in: "sdk") { [unowned self] (code: Int32, message: String, ident: Int32) in
            answers[ident] = .error(code: code, message: message)
        }
        try sandbox.run("import plugin")
    }

    /// What the plugin answers; `nil` when it does not.
    func run(_ payload: String) throws -> Answer? {
        lastIdent += 1
        try sandbox.call("plugin.run_e", payload, lastIdent)
        return answers.removeValue(forKey: lastIdent)
    }
}

let python = try PythonImage(engine: try Engine())
let plugin = try Plugin(folder: "plugins", python: python)
for payload in ["to be or not to be", ""] {
    switch try plugin.run(payload) {
    case .result(let text)?: print("result: \(text)")
    case .error(let code, let message)?: print("error \(code): \(message)")
    case nil: print("no answer")
    }
}
