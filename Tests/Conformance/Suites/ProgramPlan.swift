// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport

/// How a program of the WASI test suite is run, and what has to come out: the `.json` beside it.
struct ProgramPlan {
    /// The program.
    let file: String
    /// The name of the program first.
    let arguments: [String]
    let environment: [(name: String, value: String)]
    let folders: [(host: String, guest: String)]
    /// The copy of the folder that the program may change; whoever runs it removes it.
    let scratch: ScratchFolder?
    private let plan: JSON

    init(_ identifier: String, in folder: DataFolder) throws {
        let plan = folder.contains(identifier + ".json") ? try folder.json(identifier + ".json") : .object([:])
        let parent = identifier.split(separator: "/").dropLast().joined(separator: "/")
        let name = identifier.split(separator: "/").last.map(String.init) ?? identifier
        self.plan = plan
        file = folder.file(identifier + ".wasm")
        scratch = try plan["root"]?.string.map { try ScratchFolder(copying: folder.file(parent + "/" + $0)) }
        folders = scratch.map { [(host: $0.path, guest: "/")] } ?? []
        arguments = [name + ".wasm"] + (plan["args"]?.strings ?? [])
        environment = (plan["env"]?.object ?? [:]).sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value.string ?? "") }
    }

    /// Fails unless the program ended as it has to.
    func check(code: Int, output: String, errors: String) throws {
        let wanted = plan["exit_code"]?.integer ?? 0
        guard code == wanted else {
            throw CaseFailure("expected exit code \(wanted), found \(code): \(errors.suffix(400))")
        }
        for (name, text) in [("stdout", output), ("stderr", errors)] {
            guard let wanted = plan[name]?.string, wanted != text else { continue }
            throw CaseFailure("expected \(name) \(wanted.debugDescription), found \(text.debugDescription)")
        }
    }
}
