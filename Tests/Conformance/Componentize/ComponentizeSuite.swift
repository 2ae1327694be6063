// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import DovetailTypes
import DovetailWIT

/// Core modules and WIT into components, or why not.
struct ComponentizeSuite: ManifestSuite {
    let manifest: Manifest

    /// Where our encoding is another one, and why. The imports, the exports and the WIT are still compared.
    private static let otherEncodings: Set<String> = [
        // Our `libdl.so` is another library, which needs no `libc.so`.
        "link-dl-openable-builtin-libdl", "link-dl-openable-builtin-libdl-with-unused",
        // A library's `task.return` needs the memory alone, which is there: we make no shim for it that nobody calls.
        "link-lib-with-async-export",
    ]

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func check(_ entry: JSON, _ base: DataFolder) throws {
        let modules = try entry.list("modules")
        let isRight = try entry.text("kind") == "ok"
        let resolution = try WIT.resolve(try WITLoader.load(base.file(try entry.text("wit"))), features: .all)
        var main: [UInt8] = []
        var adapters: [Componentizer.Adapter] = []
        var libraries: [Componentizer.Library] = []
        for module in modules {
            let world = try resolution.graph.world(try module.text("world"), in: resolution.root)
            let bytes = try ComponentTypeSection.embed(
                world, of: resolution.graph, in: try base.bytes(try module.text("file")),
                producers: ProducersSection(processedBy: "my-fake-bindgen", version: "123.45"))
            switch try module.text("role") {
            case "main": main = bytes
            case "adapter": adapters.append(Componentizer.Adapter(name: try module.text("name"), bytes: bytes))
            case let role:
                libraries.append(
                    Componentizer.Library(
                        name: try module.text("name"), bytes: bytes, isOpenable: role == "dlopen-library"))
            }
        }
        var options = Componentizer.Options()
        options.reallocatesByMemoryGrow = entry["options"]?["realloc-via-memory-grow"]?.bool ?? false
        options.usesReturnCallReference = entry["options"]?["return-call-ref"]?.bool ?? false
        options.stubsMissingFunctions = entry["options"]?["stub-missing-functions"]?.bool ?? false
        options.usesBuiltInLibdl = entry["options"]?["use-built-in-libdl"]?.bool ?? false
        let component: [UInt8]
        do throws(ComponentizeError) {
            component =
                !main.isEmpty
                ? try Componentizer.component(of: main, adapters: adapters, options: options)
                : try Componentizer.component(linking: libraries, adapters: adapters, options: options)
        } catch {
            guard isRight else { return }
            throw CaseFailure("\(error)")
        }
        guard isRight else {
            throw CaseFailure("expected to be refused: \(entry["expected_error_first_line"]?.string ?? "")")
        }
        let shape = ComponentShape()
        var wanted = try shape.steps(of: try base.bytes(try entry.text("expected_wasm")))
        var found = try shape.steps(of: component)
        if Self.otherEncodings.contains(entry["id"]?.string ?? "") {
            guard found != wanted else { throw CaseFailure("the encoding is the expected one after all") }
            wanted = wanted.compactMap(Self.outside)
            found = found.compactMap(Self.outside)
        }
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

    /// The import or export that a step is, without what is behind it.
    private static func outside(_ step: String) -> String? {
        if step.hasPrefix("import ") { return step }
        return step.hasPrefix("export ") ? step.split(separator: " ").prefix(2).joined(separator: " ") : nil
    }

    /// Where two texts begin to differ, with a little around it.
    private static func difference(_ found: String, _ wanted: String) -> String {
        let same = zip(found, wanted).prefix { $0 == $1 }.count
        func part(_ text: String) -> String { String(text.dropFirst(max(0, same - 100)).prefix(260)) }
        return "expected …\(part(wanted))…, found …\(part(found))…"
    }
}
