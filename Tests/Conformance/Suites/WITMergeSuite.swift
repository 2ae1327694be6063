// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailTypes
import DovetailWIT

/// Two sets of WIT packages: what they are together, or that they contradict each other.
struct WITMergeSuite: ManifestSuite {
    let manifest: Manifest

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func check(_ entry: JSON, _ base: DataFolder) throws {
        let into = try WIT.resolve(try WITLoader.load(base.file(try entry.text("into")))).graph
        let from = try WIT.resolve(try WITLoader.load(base.file(try entry.text("from")))).graph
        let isRight = try entry.text("kind") == "ok"
        var merged = into
        do throws(WITError) {
            try merged.merge(from)
        } catch {
            guard isRight else { return }
            throw CaseFailure(error.message)
        }
        guard isRight else {
            throw CaseFailure("expected to be refused: \(entry["expected_error_first_line"]?.string ?? "")")
        }
        var other = from
        try other.merge(into)
        let expected = base.folder(try entry.text("expected"))
        let files = try base.names(try entry.text("expected"))
        guard files.count == merged.packages.count else {
            throw CaseFailure("expected \(files.count) packages, found \(merged.packages.count)")
        }
        for (index, package) in merged.packages.enumerated() {
            let wanted = String(decoding: try expected.bytes(package.name.name + ".wit"), as: UTF8.self)
            let found = WITPrinter.text(of: PackageID(index), in: merged)
            if let difference = Self.difference(found, wanted) {
                throw CaseFailure("package `\(package.name)`: \(difference)")
            }
        }
    }

    /// The first line in which two texts differ, blank lines apart.
    static func difference(_ found: String, _ wanted: String) -> String? {
        func lines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { $0.contains { $0 != " " } } }
        let left = lines(found)
        let right = lines(wanted)
        for (one, other) in zip(left, right) where one != other { return "expected `\(other)`, found `\(one)`" }
        return left.count == right.count ? nil : "expected \(right.count) lines, found \(left.count)"
    }
}
