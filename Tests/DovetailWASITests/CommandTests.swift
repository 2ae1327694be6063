// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import DovetailWASI
import Testing

extension CorpusEntry {
    /// The runs that are commands.
    fileprivate var commands: [JSON] {
        (fields["runs"]?.array ?? []).filter { $0["kind"]?.string == "command" }
    }
}

@Suite("WASI 0.2 commands of the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct CommandTests {
    @Test(
        "write what is recorded when they are run through the linker",
        arguments: try Corpus.entries("components", atLeast: 2) {
            $0["kind"] == "component" && $0.fields["wasi"]?.strings?.contains("0.3.0") == false
                && !$0.commands.isEmpty
        })
    func commands(_ entry: CorpusEntry) throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: try #require(entry.path("file")))
        var linker = Linker(engine: engine)
        linker.addWASI()
        for run in entry.commands {
            let (output, errors) = (OutputCollector(), OutputCollector())
            let store = try Store(
                engine: engine,
                wasi: WASIConfiguration(
                    arguments: run["args"]?.strings ?? [], standardOutput: .collected(output),
                    standardError: .collected(errors)))
            let instance = try linker.instantiate(component, in: store)
            #expect(try instance.function("run", in: "wasi:cli/run@0.2.0").call() == .ok(nil))
            if let expected = run["stdout"]?.string { #expect(output.text == expected) }
            if let expected = run["stderr"]?.string { #expect(errors.text == expected) }
        }
    }
}
