// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT

/// Whether components fit worlds.
struct WITTargetsSuite: ManifestSuite {
    let manifest: Manifest

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func check(_ entry: JSON, _ base: DataFolder) throws {
        let target = try WIT.resolve(try WITLoader.load(base.file(try entry.text("input"))))
        let world = try target.graph.world(try entry.text("world"), in: target.root)
        let component = try WITDecoder.decode(try base.bytes(try entry.text("component")))
        guard let own = component.world else { throw CaseFailure("the component has no world") }
        func differences(_ versions: WorldMatcher.Versions) -> [WorldDifference] {
            WorldMatcher.differences(
                of: own, in: component.graph, toTarget: world, in: target.graph, versions: versions)
        }
        let isRight = try entry.text("kind") == "ok"
        // Where versions do not matter, both ways to compare agree.
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
