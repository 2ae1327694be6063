// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport

/// The entries of a suite's manifest.
struct Manifest {
    let folder: DataFolder
    let entries: [JSON]
    private let positions: [String: Int]

    init(_ folder: DataFolder) throws {
        self.folder = folder
        entries = try folder.json("manifest.json").list("cases")
        positions = Dictionary(
            try entries.enumerated().map { (try $1.text("id"), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The entry of a case.
    func entry(_ identifier: String) throws -> JSON {
        guard let position = positions[identifier] else { throw CaseFailure("there is no case `\(identifier)`") }
        return entries[position]
    }

    /// The folder to which the names of an entry's files are relative.
    func base(_ entry: JSON) -> DataFolder { entry["path"]?.string.map { folder.folder($0) } ?? folder }

    /// A reference to each entry, with the labels of its units.
    func cases(_ units: (JSON) throws -> [String] = { _ in [""] }) throws -> [CaseReference] {
        try entries.map { CaseReference(identifier: try $0.text("id"), units: try units($0)) }
    }
}

/// A suite whose manifest lists its cases, each of them one unit.
protocol ManifestSuite: Suite {
    var manifest: Manifest { get }

    /// Fails unless the case comes out as its entry says.
    func check(_ entry: JSON, _ base: DataFolder) throws
}

extension ManifestSuite {
    func cases() throws -> [CaseReference] { try manifest.cases() }

    func run(_ identifier: String, recorder: Recorder) throws {
        let entry = try manifest.entry(identifier)
        recorder.unit(0) { try check(entry, manifest.base(entry)) }
    }
}
