// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWIT

/// WIT texts: what they resolve to, or that they are refused and where.
struct WITParseSuite: Suite {
    private let folder: DataFolder
    private let entries: [JSON]

    init(folder: DataFolder) throws {
        self.folder = folder
        entries = try folder.json("manifest.json").list("cases")
    }

    func cases() throws -> [CaseReference] {
        try entries.map { CaseReference(identifier: try $0.text("id"), units: [""]) }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        guard let entry = entries.first(where: { $0["id"]?.string == identifier }) else {
            throw CaseFailure("there is no case `\(identifier)`")
        }
        recorder.unit(0) { try check(entry) }
    }

    private func check(_ entry: JSON) throws {
        let base = folder.folder(try entry.text("path"))
        let input = try entry.text("input")
        guard !input.hasSuffix(".wasm") else { return try checkBinary(entry, base, input) }
        let features: WITFeatures =
            entry["all_features"]?.bool == true ? .all : .only(entry["features"]?.strings ?? [])
        let isRight = try entry.text("kind") == "ok"
        let graph: PackageGraph
        do throws(WITError) {
            graph = try WIT.resolve(try WITLoader.load(base.file(input)), features: features).graph
        } catch {
            guard isRight else { return try checkPlace(error, entry["error_at"]) }
            throw CaseFailure("\(error)")
        }
        guard isRight else {
            throw CaseFailure("expected to be refused: \(entry["expected_error_first_line"]?.string ?? "")")
        }
        guard let name = entry["expected_json"]?.string else { return }
        if let found = JSON(WITJSON.tree(of: graph)).difference(from: try base.json(name)) {
            throw CaseFailure(found)
        }
    }

    /// Checks the graph of a WIT package in binary form.
    private func checkBinary(_ entry: JSON, _ base: DataFolder, _ input: String) throws {
        let decoded = try WITDecoder.decode(try base.bytes(input))
        let expected = try base.json(try entry.text("expected_json"))
        if let found = JSON(WITJSON.tree(of: decoded.graph)).difference(from: expected) { throw CaseFailure(found) }
    }

    /// Checks that one of the diagnostics stands where the reference says.
    private func checkPlace(_ error: WITError, _ place: JSON?) throws {
        guard let line = place?["line"]?.integer, let column = place?["column"]?.integer else { return }
        let found = error.where.compactMap { error.sources.position(of: $0.start, in: $0.file) }
        guard !found.contains(where: { $0.line == line && $0.column == column }) else { return }
        let list = found.map { "\($0.line):\($0.column)" }.joined(separator: ", ")
        throw CaseFailure("expected an error at \(line):\(column), found errors at \(list): \(error.message)")
    }
}

extension JSON {
    /// The same tree.
    init(_ tree: JSONTree) {
        switch tree {
        case .null: self = .null
        case .number(let number): self = .number(Double(number))
        case .bool(let value): self = .bool(value)
        case .string(let text): self = .string(text)
        case .array(let items): self = .array(items.map { JSON($0) })
        case .object(let members):
            self = .object(
                Dictionary(members.map { ($0.key, JSON($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The first place where this differs from `expected`, `nil` when there is none.
    func difference(from expected: JSON, at path: String = "$") -> String? {
        switch (self, expected) {
        case (.object(let found), .object(let wanted)):
            for key in Set(found.keys).union(wanted.keys).sorted() {
                guard let left = found[key] else { return "\(path) lacks `\(key)`" }
                guard let right = wanted[key] else { return "\(path) has `\(key)`, which is not expected" }
                if let text = left.difference(from: right, at: "\(path).\(key)") { return text }
            }
            return nil
        case (.array(let found), .array(let wanted)):
            for (index, (left, right)) in zip(found, wanted).enumerated() {
                if let text = left.difference(from: right, at: "\(path)[\(index)]") { return text }
            }
            guard found.count != wanted.count else { return nil }
            return "\(path): expected \(wanted.count) elements, found \(found.count)"
        default:
            return self == expected ? nil : "\(path): expected \(expected), found \(self)"
        }
    }
}
