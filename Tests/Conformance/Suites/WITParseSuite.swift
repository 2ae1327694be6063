// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailWIT
import DovetailWITReader

/// WIT texts: what they resolve to, or that they are refused and where.
struct WITParseSuite: ManifestSuite {
    let manifest: Manifest

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func check(_ entry: JSON, _ base: DataFolder) throws {
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

    /// Checks that one of the diagnostics is at the recorded position.
    private func checkPlace(_ error: WITError, _ place: JSON?) throws {
        guard let line = place?["line"]?.integer, let column = place?["column"]?.integer else { return }
        let found = error.where.compactMap { error.sources.position(of: $0.start, in: $0.file) }
        guard !found.contains(where: { $0.line == line && $0.column == column }) else { return }
        let list = found.map { "\($0.line):\($0.column)" }.joined(separator: ", ")
        throw CaseFailure("expected an error at \(line):\(column), found errors at \(list): \(error.message)")
    }
}
