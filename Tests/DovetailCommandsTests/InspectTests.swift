// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// `inspect` of components of several toolchains.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct InspectTests {
    struct Report: Decodable {
        struct Item: Decodable {
            var name: String
            var kind: String
            var wit: [String]
        }
        struct Module: Decodable {
            var name: String?
            var offset: Int
            var size: Int
            var code: Int
            var data: Int
            var custom: Int
            var producers: [String: [String]]
        }
        var kind: String
        var size: Int
        var imports: [Item]
        var exports: [Item]
        var modules: [Module]
        var nestedComponents: Int
        var producers: [String: [String]]
    }

    private func report(_ path: String) async throws -> Report {
        let outcome = try await Tool.run(["inspect", "--json", path])
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(path): \(outcome.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    }

    @Test("the structure of the examples is shown")
    func examples() async throws {
        let path = TestFiles.example("kv-store/kv-store.wasm")
        let report = try await report(path)
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        #expect(report.kind == "component" && report.size == size && report.nestedComponents == 0)
        #expect(report.imports.map(\.name) == ["example:kv-store/store@0.1.0", "log"])
        #expect(report.imports.map(\.kind) == ["instance", "function"])
        #expect(report.imports[1].wit == ["log: func(msg: string);"])
        #expect(report.exports.map(\.name) == ["replace-value"])
        #expect(report.modules.count == 3)
        for module in report.modules {
            #expect(module.offset > 8 && module.offset + module.size <= size)
            #expect(module.code + module.data + module.custom <= module.size)
        }
        #expect(report.modules[0].producers["processed-by"]?.contains { $0.hasPrefix("wit-bindgen-c ") } == true)
        #expect(report.producers["processed-by"]?.first?.hasPrefix("wit-component ") == true)
    }

    @Test("named types, resources and core modules are shown")
    func namedTypesAndModules() async throws {
        let text = try await Tool.run(["inspect", TestFiles.fixture("faults.wasm")]).output
        #expect(text.contains("  export place-order: func(order: order) -> u32;\n"))
        #expect(text.contains("  export record item { name: string, price: option<u32>, kind: kind }\n"))
        #expect(text.contains("  export \"[method]counter.value\": func(self: borrow<counter>) -> u32;\n"))
        #expect(text.contains("\ncore modules: 2, nested components: 0\n  0: guest, "))
    }

    @Test("the imports and exports of a core module are shown")
    func coreModules() async throws {
        let text = try await Tool.withFile(Guest.exit) { try await Tool.run(["inspect", $0]) }.output
        #expect(text.hasPrefix("module, "))
        #expect(
            text.contains(
                "  import \"wasi_snapshot_preview1\" \"proc_exit\": (func (param i32))\n"
                    + "  export \"memory\": (memory 1)\n  export \"_start\": (func)\n"))
    }

    @Test(
        "shows what real components consist of",
        .enabled(if: SharedData.isPresent, "\(SharedData.hint)"),
        arguments: try Corpus.files("components", atLeast: 93))
    func realComponents(file: CorpusFile) async throws {
        let outcome = try await Tool.run(["inspect", "--json", file.path])
        guard outcome.code == 0 else {
            // What is no component any more by today's rules says where.
            #expect(outcome.errors.contains("at offset 0x") || outcome.errors.contains("not supported"))
            return
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        #expect(!report.modules.isEmpty && report.size > 0)
        #expect(report.modules.allSatisfy { $0.size > 0 && $0.offset + $0.size <= report.size })
        #expect(!report.exports.isEmpty)
    }
}
