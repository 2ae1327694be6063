// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport

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
        let plan = try ProgramPlan(identifier, in: folder)
        defer { plan.scratch?.remove() }
        let end = try CoreProgram(
            file: plan.file, arguments: plan.arguments, environment: plan.environment, folders: plan.folders
        ).run()
        try plan.check(code: Int(end.code), output: end.output, errors: end.errors)
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
