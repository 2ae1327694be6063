// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI

/// A component that exports `wasi:cli/run`.
struct CommandComponent {
    /// How a run ended, and what the program wrote.
    struct End {
        var code: Int
        var output: String
        var errors: String
    }

    private let component: Component

    init(_ component: Component) { self.component = component }

    /// Runs it to its end; what it writes is collected.
    func run(_ configuration: WASIConfiguration) throws -> End {
        guard let interface = component.plan.exports.names.first(where: { $0.hasPrefix("wasi:cli/run@") }) else {
            throw CaseFailure("the component does not export wasi:cli/run")
        }
        let (output, errors) = (OutputCollector(), OutputCollector())
        var configuration = configuration
        configuration.standardOutput = .collected(output)
        configuration.standardError = .collected(errors)
        let store = try Store(engine: component.engine, wasi: configuration)
        let instance = try Linker.wasi(engine: component.engine).instantiate(component, in: store)
        var code: Int
        do {
            code = try instance.function("run", in: interface).call([]) == .ok(nil) ? 0 : 1
        } catch let exit as WASIExit {
            code = Int(exit.code)
        }
        return End(code: code, output: output.text, errors: errors.text)
    }
}
