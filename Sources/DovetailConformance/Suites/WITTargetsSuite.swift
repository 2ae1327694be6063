// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWIT

/// Whether components fit worlds.
struct WITTargetsSuite: Suite {
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
        let target = try WIT.resolve(try WITLoader.load(base.file(try entry.text("input"))))
        let world = try target.graph.world(try entry.text("world"), in: target.root)
        let component = try WITDecoder.decode(try base.bytes(try entry.text("component")))
        guard let own = component.world else { throw CaseFailure("the component has no world") }
        func differences(_ versions: WorldMatcher.Versions) -> [WorldDifference] {
            WorldMatcher.differences(
                of: own, in: component.graph, toTarget: world, in: target.graph, versions: versions)
        }
        let isRight = try entry.text("kind") == "ok"
        // Where versions do not matter both ways of comparing agree.
        let ways: [WorldMatcher.Versions] =
            entry["semver_compatible"]?.bool == true ? [.compatible] : [.exact, .compatible]
        for way in ways {
            let found = differences(way)
            guard found.isEmpty != isRight else { continue }
            throw CaseFailure(
                isRight
                    ? found.map(\.description).joined(separator: "; ")
                    : "expected to differ: \(entry["expected_error_first_line"]?.string ?? "")")
        }
    }
}
