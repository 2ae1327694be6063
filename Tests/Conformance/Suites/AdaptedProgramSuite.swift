// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailComponentize
import DovetailTestSupport
import DovetailWASI

/// Programs of WASI preview 1 that become components by our adapter: they have to behave as before.
struct AdaptedProgramSuite: Suite {
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
        let bytes = try Componentizer.component(
            of: try folder.bytes(identifier + ".wasm"),
            adapters: [.init(name: Preview1Adapter.moduleName, bytes: Preview1Adapter.command.bytes)])
        let component = try Component(engine: try SharedEngine.engine(), bytes: bytes)
        var configuration = WASIConfiguration(arguments: plan.arguments, environment: plan.environment)
        configuration.preopens = plan.folders.map { Preopen($0.host, as: $0.guest) }
        let end = try CommandComponent(component).run(configuration)
        try plan.check(code: end.code, output: end.output, errors: end.errors)
    }
}
