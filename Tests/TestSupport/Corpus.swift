// SPDX-License-Identifier: Apache-2.0

/// The arguments of tests over the shared conformance data: one test case for each file or entry.
///
/// Every function takes the least number of cases that a complete folder has, and throws when it finds fewer: a test cannot
/// pass because its folder is empty or truncated.
package enum Corpus {
    /// The entries of a suite's manifest.
    package static func entries(
        _ suites: String..., atLeast least: Int, where isIncluded: (CorpusEntry) -> Bool = { _ in true }
    ) throws -> [CorpusEntry] {
        let all = try suites.flatMap { suite in
            let folder = SharedData.suite(suite)
            return try folder.json("manifest.json").list("cases").map { fields in
                CorpusEntry(
                    suite: suite, id: try fields.text("id"), folder: folder.folder(fields["path"]?.string ?? ""),
                    fields: fields)
            }
        }
        return try complete(all.filter(isIncluded), least, suites)
    }

    /// The files of suites, at any depth, whose names end so.
    package static func files(_ suites: String..., ending: String = ".wasm", atLeast least: Int) throws -> [CorpusFile]
    {
        let all = suites.flatMap { suite in
            let folder = SharedData.suite(suite)
            return folder.files(ending: ending).map { CorpusFile(name: "\(suite)/\($0)", path: folder.file($0)) }
        }
        return try complete(all, least, suites)
    }

    /// The scripts of the three suites in `wast`.
    package static func scripts(atLeast least: Int) throws -> [CorpusScript] {
        let suites = ["component-model", "wasm-tools", "wasmtime"]
        let all = suites.flatMap { suite in
            let folder = SharedData.suite("wast/" + suite)
            return folder.files(ending: ".json").filter { $0 != "manifest.json" }.map {
                CorpusScript(suite: suite, name: String($0.dropLast(5)), folder: folder)
            }
        }
        return try complete(all, least, suites.map { "wast/" + $0 })
    }

    private static func complete<Case>(_ cases: [Case], _ least: Int, _ suites: [String]) throws -> [Case] {
        guard cases.count >= least else {
            throw CaseFailure(
                "expected at least \(least) cases in \(suites.joined(separator: ", ")) of the conformance data, "
                    + "found \(cases.count): the folder is not complete")
        }
        return cases
    }
}

/// One entry of a suite's manifest.
package struct CorpusEntry: Sendable, CustomStringConvertible {
    package let suite: String
    package let id: String
    /// The folder to which the names of its files are relative.
    package let folder: DataFolder
    package let fields: JSON

    package var description: String { "\(suite)/\(id)" }

    /// A field that is a text.
    package subscript(key: String) -> String? { fields[key]?.string }

    /// The path of the file that a field names.
    package func path(_ key: String) -> String? { self[key].map { folder.file($0) } }

    /// The JSON in the file that a field names.
    package func json(_ key: String) throws -> JSON? { try self[key].map { try folder.json($0) } }

    /// The text in the file that a field names.
    package func text(_ key: String) throws -> String? {
        try self[key].map { String(decoding: try folder.bytes($0), as: UTF8.self) }
    }
}

/// One file.
package struct CorpusFile: Sendable, CustomStringConvertible {
    /// Its path below the folder of all conformance data.
    package let name: String
    package let path: String

    package var description: String { name }

    /// What is in it.
    package func bytes() throws -> [UInt8] { try TestFiles.bytes(path) }
}
