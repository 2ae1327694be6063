// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import DovetailTypes
import DovetailWIT

/// Core modules and WIT into components, or why not.
struct ComponentizeSuite: ManifestSuite {
    let manifest: Manifest

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func check(_ entry: JSON, _ base: DataFolder) throws {
        let modules = try entry.list("modules")
        let isRight = try entry.text("kind") == "ok"
        let needsLinking = modules.isEmpty || modules.contains { $0["role"]?.string?.contains("library") == true }
        if needsLinking { throw CaseSkipped("needs linking of libraries") }
        let resolution = try WIT.resolve(try WITLoader.load(base.file(try entry.text("wit"))), features: .all)
        var main: [UInt8] = []
        var adapters: [Componentizer.Adapter] = []
        for module in modules {
            let world = try resolution.graph.world(try module.text("world"), in: resolution.root)
            let bytes = try ComponentTypeSection.embed(
                world, of: resolution.graph, in: try base.bytes(try module.text("file")),
                producers: ProducersSection(processedBy: "my-fake-bindgen", version: "123.45"))
            if try module.text("role") == "main" {
                main = bytes
            } else {
                adapters.append(Componentizer.Adapter(name: try module.text("name"), bytes: bytes))
            }
        }
        var options = Componentizer.Options()
        options.reallocatesByMemoryGrow = entry["options"]?["realloc-via-memory-grow"]?.bool ?? false
        options.usesReturnCallReference = entry["options"]?["return-call-ref"]?.bool ?? false
        let component: [UInt8]
        do throws(ComponentizeError) {
            component = try Componentizer.component(of: main, adapters: adapters, options: options)
        } catch {
            guard isRight else { return }
            throw CaseFailure("\(error)")
        }
        guard isRight else {
            throw CaseFailure("expected to be refused: \(entry["expected_error_first_line"]?.string ?? "")")
        }
        let shape = ComponentShape()
        let wanted = try shape.steps(of: try base.bytes(try entry.text("expected_wasm")))
        let found = try shape.steps(of: component)
        for (index, (found, wanted)) in zip(found, wanted).enumerated() where found != wanted {
            throw CaseFailure("step \(index): \(Self.difference(found, wanted))")
        }
        guard found.count == wanted.count else {
            throw CaseFailure("expected \(wanted.count) steps, found \(found.count)")
        }
        let text = String(decoding: try base.bytes(try entry.text("expected_print")), as: UTF8.self)
        let decoded = try WITDecoder.decode(component)
        try WITTexts.expect(WITPrinter.text(of: decoded.package, in: decoded.graph), equals: text, "WIT")
    }

    /// Where two texts begin to differ, with a little around it.
    private static func difference(_ found: String, _ wanted: String) -> String {
        let same = zip(found, wanted).prefix { $0 == $1 }.count
        func part(_ text: String) -> String { String(text.dropFirst(max(0, same - 100)).prefix(260)) }
        return "expected …\(part(wanted))…, found …\(part(found))…"
    }
}
