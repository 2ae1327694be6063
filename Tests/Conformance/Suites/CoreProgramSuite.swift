// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation

/// Programs of WASI preview 1: every `.wasm` is a case, the `.json` beside it says how to run it.
struct CoreProgramSuite: Suite {
    let folder: DataFolder

    func cases() throws -> [CaseReference] {
        try ProgramList.identifiers(in: folder).map { CaseReference(identifier: $0, units: [""]) }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        recorder.unit(0) { try run(identifier) }
    }

    private func run(_ identifier: String) throws {
        let plan = folder.contains(identifier + ".json") ? try folder.json(identifier + ".json") : .object([:])
        let parent = identifier.split(separator: "/").dropLast().joined(separator: "/")
        var folders: [(host: String, guest: String)] = []
        var scratch: ScratchFolder?
        defer { scratch?.remove() }
        if let root = plan["root"]?.string {
            let copy = try ScratchFolder(copying: folder.file(parent + "/" + root))
            scratch = copy
            folders = [(copy.path, "/")]
        }
        let name = identifier.split(separator: "/").last.map(String.init) ?? identifier
        let environment = (plan["env"]?.object ?? [:]).sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value.string ?? "") }
        let end = try CoreProgram(
            file: folder.file(identifier + ".wasm"), arguments: [name + ".wasm"] + (plan["args"]?.strings ?? []),
            environment: environment, folders: folders
        ).run()
        let code = Int32(clamping: plan["exit_code"]?.integer ?? 0)
        guard end.code == code else {
            throw CaseFailure("expected exit code \(code), found \(end.code): \(end.errors.suffix(400))")
        }
        for (name, text) in [("stdout", end.output), ("stderr", end.errors)] {
            guard let wanted = plan[name]?.string, wanted != text else { continue }
            throw CaseFailure("expected \(name) \(wanted.debugDescription), found \(text.debugDescription)")
        }
    }
}

/// Components of WASI 0.3, which need tasks that can suspend.
struct AsyncProgramSuite: Suite {
    let folder: DataFolder

    func cases() throws -> [CaseReference] {
        try ProgramList.identifiers(in: folder).map { CaseReference(identifier: $0, units: [""]) }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        recorder.unit(0) { throw CaseSkipped("needs WASI 0.3") }
    }
}

/// The programs in a folder of folders.
enum ProgramList {
    /// `folder/name` of each `.wasm`, sorted.
    static func identifiers(in folder: DataFolder) throws -> [String] {
        try folder.names("").flatMap { group -> [String] in
            guard folder.folder(group).exists else { return [] }
            return try folder.names(group).filter { $0.hasSuffix(".wasm") }.map { group + "/" + $0.dropLast(5) }
        }
    }
}
