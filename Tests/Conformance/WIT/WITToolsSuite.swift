// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT

/// Command lines over WIT, run through the library.
struct WITToolsSuite: Suite {
    private let manifest: Manifest

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func cases() throws -> [CaseReference] {
        try manifest.cases { try $0.list("runs").enumerated().map { $1["name"]?.string ?? "\($0)" } }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        let entry = try manifest.entry(identifier)
        let base = manifest.base(entry)
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        for (index, run) in try entry.list("runs").enumerated() {
            recorder.unit(index) { try check(run, of: entry, base, scratch: scratch.path) }
        }
    }

    private func check(_ run: JSON, of entry: JSON, _ base: DataFolder, scratch: String) throws {
        let isRight = try run.text("kind") == "ok"
        var input = try entry.text("input")
        if input.hasSuffix(".wat") { input = input.dropLast(3) + "wasm" }
        var pipeline = WITPipeline(input: base.file(input), scratch: scratch)
        do {
            try pipeline.run(try run.text("command"))
        } catch let skipped as CaseSkipped {
            throw skipped
        } catch {
            guard !isRight else { throw error }
            guard let name = run["expected_stderr"]?.string else { return }
            let message = String(decoding: try base.bytes(name), as: UTF8.self)
            return try checkPlace(error, message)
        }
        guard isRight else {
            let message = try run["expected_stderr"]?.string.map { try base.bytes($0) } ?? []
            throw CaseFailure("expected to fail: \(String(decoding: message, as: UTF8.self))")
        }
        guard let name = run["expected_stdout"]?.string else { return }
        if case .json(let found) = pipeline.output {
            if let difference = found.difference(from: try base.json(name)) { throw CaseFailure(difference) }
            return
        }
        let isUnbundled = try run.text("command").contains("unbundle ")
        switch pipeline.output {
        case .printed(let text, let bytes):
            let expected = String(decoding: try base.bytes(name), as: UTF8.self)
            return try checkPrinted(text, bytes, expected: expected, isUnbundled: isUnbundled)
        case .binary(let bytes) where isUnbundled:
            // The step has compared the modules; the recorded output went through a text file.
            guard (try? ComponentDecoder.decode(try base.bytes(name))) != nil else { return }
            guard try Self.importedModules(of: bytes) == Self.importedModules(of: try base.bytes(name)) else {
                throw CaseFailure("other modules are imported than expected")
            }
            return
        default: break
        }
        guard let text = pipeline.output.text else { return }
        // Where the data was recorded, every backslash of an output was made a slash.
        let found = text.replacing("\\", with: "/")
        let expected = String(decoding: try base.bytes(name), as: UTF8.self)
        // Merged packages are sorted again, each after those it depends on.
        let isMerged = try run.text("command").contains("--merge-")
        try WITTexts.expect(
            isMerged ? Self.sorted(found) : found, equals: isMerged ? Self.sorted(expected) : expected, "output")
    }

    /// Checks the text of a binary: it can be read back as what it was, and is that or, where a tool named things and put them into
    /// another order, of the same structure as the expected text.
    private func checkPrinted(
        _ text: String, _ bytes: [UInt8], expected: String, isUnbundled: Bool
    ) throws {
        let shape = ComponentShape()
        func structure(_ bytes: [UInt8]) throws -> [String] {
            guard ComponentDecoder.kind(of: bytes) == .coreModule else { return try shape.steps(of: bytes) }
            var module = try CoreModuleBinary.decode(bytes)
            module.customSections = []
            return ["\(module.encoded())"]
        }
        let found = try structure(bytes)
        guard try structure(try WasmText.parse(Array(text.utf8))) == found else {
            throw CaseFailure("the text is that of another binary:\n\(text)")
        }
        if text == expected { return }
        if isUnbundled {
            // What is taken out, and what for, is the same; the types may stand in another order.
            let wanted = try Self.importedModules(of: try WasmText.parse(Array(expected.utf8)))
            guard try Self.importedModules(of: bytes) == wanted else {
                throw CaseFailure("expected\n\(expected)\nfound\n\(text)")
            }
            return
        }
        let wanted = try WasmText.parse(Array(expected.utf8))
        if try structure(wanted) == found { return }
        // Another encoding of the same: what is imported and exported.
        func world(_ bytes: [UInt8]) throws -> String {
            let decoded = try WITDecoder.decode(bytes)
            return WITPrinter.text(of: decoded.package, in: decoded.graph)
        }
        guard ComponentDecoder.kind(of: bytes) == .component, try world(wanted) == world(bytes) else {
            throw CaseFailure("expected\n\(expected)\nfound\n\(text)")
        }
    }

    /// The names and types of the core modules that a component imports.
    private static func importedModules(of bytes: [UInt8]) throws -> [String: [CoreModuleInterface.Item]] {
        let component = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes)
        var modules: [String: [CoreModuleInterface.Item]] = [:]
        for entry in component.type.imports.entries {
            guard let module = component.importedModule(at: [entry.name]) else { continue }
            modules[entry.name] = module.imports + module.exports
        }
        return modules
    }

    /// A text with the packages behind the first one in the order of their names.
    private static func sorted(_ text: String) -> String {
        let parts = text.split(separator: "\npackage ").map(String.init)
        let blocks = parts.dropFirst().map { block in
            var block = block[...]
            while block.last == "\n" { block.removeLast() }
            return String(block)
        }
        return ([parts.first ?? ""] + blocks.sorted()).joined(separator: "\npackage ")
    }

    /// Checks that an error is at the position in the recorded message, if that has one.
    private func checkPlace(_ error: any Error, _ message: String) throws {
        guard let error = error as? WITError, let arrow = message.firstRange(of: "--> "),
            let line = message[arrow.upperBound...].split(separator: "\n").first
        else { return }
        let numbers = line.split(separator: ":").suffix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return }
        let found = error.where.compactMap { error.sources.position(of: $0.start, in: $0.file) }
        guard !found.contains(where: { [$0.line, $0.column] == numbers }) else { return }
        throw CaseFailure("expected an error at \(numbers[0]):\(numbers[1]), found \(error)")
    }
}
